package org.beamtemplates.transforms.deliver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcConnectionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://localhost/shop",
        "jdbc:postgresql://a:5432,b:5433/shop?targetServerType=primary&sslmode=verify-full"
      })
  void takesUrlsOfTheDriver(String url) {
    assertThat(JdbcConnection.urlProblem(url)).isEmpty();
    assertThat(JdbcConnection.to(url).as("me")).hasToString(url + " as me");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://localhost/shop?password=hunter2",
        "jdbc:postgresql://localhost/shop?sslmode=require&Password=hunter2",
        "jdbc:postgresql://localhost/shop?sslpassword=hunter2",
        "jdbc:postgresql://me:hunter2@localhost/shop"
      })
  void refusesAPasswordAndDoesNotRepeatIt(String url) {
    assertThatThrownBy(() -> JdbcConnection.to(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not contain a password")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void refusesOtherUrls() {
    assertThat(JdbcConnection.urlProblem("jdbc:mysql://localhost/shop"))
        .hasValueSatisfying(problem -> assertThat(problem).contains("jdbc:postgresql:"));
    assertThat(JdbcConnection.urlProblem("jdbc:postgresql://localhost:many/shop"))
        .hasValueSatisfying(problem -> assertThat(problem).contains("is no URL"));
  }

  @Test
  void refusesAUserInTheUrl() {
    assertThat(JdbcConnection.urlProblem("jdbc:postgresql://localhost/shop?ssl=true&user=admin"))
        .hasValueSatisfying(problem -> assertThat(problem).contains("must not name the user"));
  }
}
