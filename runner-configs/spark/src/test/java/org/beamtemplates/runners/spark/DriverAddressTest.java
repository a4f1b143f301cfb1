package org.beamtemplates.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"local", "local[2]", "local[*]", "spark://127.0.0.1:7077", "spark://localhost:1"})
  void listensOnThisMachineAloneForExecutorsOnIt(String master) {
    assertThat(DriverAddress.onlyThisMachineReaches(master)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark://10.0.0.7:7077",
        "spark://127.0.0.1.example.com:7077",
        "spark://localhost:7077,spark.example.com:7077",
        "yarn",
        "k8s://https://127.0.0.1:6443"
      })
  void leavesTheAddressToSparkForExecutorsElsewhere(String master) {
    assertThat(DriverAddress.onlyThisMachineReaches(master)).isFalse();
  }
}
