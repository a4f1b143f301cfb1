package org.beamtemplates.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class LocalPostgresTest {

  private final LocalPostgres postgres;

  LocalPostgresTest(LocalPostgres postgres) {
    this.postgres = postgres;
  }

  @Test
  void keepsWhatIsWritten() throws SQLException {
    postgres.execute("CREATE TABLE kept (id text PRIMARY KEY, body jsonb)");
    postgres.execute("INSERT INTO kept VALUES ('a', '{\"n\": 1}'), ('b', '{\"n\": 2}')");

    try (Connection connection = postgres.connect()) {
      assertThat(first(connection, "SELECT sum((body->>'n')::int) FROM kept")).isEqualTo("3");
    }
  }

  @Test
  void saysWhatTheServerRefuses() {
    assertThatThrownBy(() -> postgres.execute("SELECT 1 FROM nowhere"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void asksARoleForItsPassword() throws SQLException {
    postgres.execute("CREATE ROLE guarded LOGIN PASSWORD 'correct'");

    assertThatThrownBy(() -> connectAs("guarded", "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("guarded");
    try (Connection connection = connectAs("guarded", "correct")) {
      assertThat(first(connection, "SELECT current_user")).isEqualTo("guarded");
    }
  }

  @Test
  void goesAwayBehindTheGateAndComesBackWithItsData() throws SQLException {
    try (LocalPostgres own = LocalPostgres.start()) {
      own.execute("CREATE TABLE kept (id int)");
      try (Connection gated = connectTo(own.gatedJdbcUrl())) {
        own.gate().cut();

        assertThatThrownBy(() -> first(gated, "SELECT count(*) FROM kept"))
            .isInstanceOf(SQLException.class);
      }
      assertThatThrownBy(() -> connectTo(own.gatedJdbcUrl())).isInstanceOf(SQLException.class);
      own.execute("INSERT INTO kept VALUES (1)");

      own.gate().restore();

      try (Connection gated = connectTo(own.gatedJdbcUrl())) {
        assertThat(first(gated, "SELECT count(*) FROM kept")).isEqualTo("1");
      }
    }
  }

  @Test
  void leavesNothingBehindWhenClosed() {
    LocalPostgres own = LocalPostgres.start();
    ProcessHandle process = ProcessHandle.of(own.pid()).orElseThrow();
    Path scratch = own.scratchFolder();
    assertThat(process.isAlive()).isTrue();
    assertThat(scratch).isNotEmptyDirectory();

    own.close();
    own.close();

    assertThat(process.isAlive()).isFalse();
    assertThat(scratch).doesNotExist();
    assertThatThrownBy(() -> Connections.connect(own.gate().port()))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void listensOnLoopbackOnly() throws IOException {
    assertThat(ListeningSockets.of(postgres.pid()))
        .isNotEmpty()
        .allMatch(ListeningSockets::isLoopback);
  }

  private Connection connectAs(String user, String password) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), user, password);
  }

  private Connection connectTo(String url) throws SQLException {
    return DriverManager.getConnection(url, postgres.user(), null);
  }

  private static String first(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
