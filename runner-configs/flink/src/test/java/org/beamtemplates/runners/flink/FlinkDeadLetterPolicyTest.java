package org.beamtemplates.runners.flink;

import org.beamtemplates.testing.DeadLetterPolicyContract;

class FlinkDeadLetterPolicyTest extends DeadLetterPolicyContract {

  FlinkDeadLetterPolicyTest() {
    super("flink");
  }
}
