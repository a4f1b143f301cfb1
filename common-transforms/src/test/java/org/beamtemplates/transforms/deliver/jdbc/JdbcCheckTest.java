package org.beamtemplates.transforms.deliver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.beamtemplates.services.LocalPostgres;
import org.beamtemplates.services.PostgresExtension;
import org.beamtemplates.transforms.io.SecretReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(PostgresExtension.class)
class JdbcCheckTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final LocalPostgres postgres;
  private final String name = "checked_" + UUID.randomUUID().toString().replace('-', '_');
  private final JdbcTable<Sale> table = Sale.table(name);

  JdbcCheckTest(LocalPostgres postgres) {
    this.postgres = postgres;
  }

  @Test
  void isContentWithTheTableThatTheDescriptionCreates() {
    postgres.execute(table.createTable());

    JdbcCheck check = check(superuser());

    assertThat(check.databaseProblem()).isEmpty();
    assertThat(check.tableProblem()).isEmpty();
  }

  @Test
  void saysHowToCreateATableThatIsNotThere() {
    assertThat(check(superuser()).tableProblem())
        .hasValueSatisfying(
            problem -> assertThat(problem).contains("does not exist", table.createTable()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER TABLE %s DROP COLUMN amount | no column amount",
        "ALTER TABLE %s DROP COLUMN run | no column run",
        "ALTER TABLE %s ALTER amount TYPE integer | amount is integer and not bigint",
        "ALTER TABLE %s ADD extra text NOT NULL | column extra must be filled",
        "ALTER TABLE %1$s DROP CONSTRAINT %1$s_pkey | no primary key (id)",
        "ALTER TABLE %1$s DROP CONSTRAINT %1$s_pkey, ADD PRIMARY KEY (id, run) | no primary key (id)"
      })
  void saysWhatIsWrongWithATable(String change, String problem) {
    postgres.execute(table.createTable());
    postgres.execute(change.formatted(name));

    assertThat(check(superuser()).tableProblem())
        .hasValueSatisfying(text -> assertThat(text).contains(problem, table.createTable()));
  }

  @Test
  void allowsMoreColumnsThanAreWritten() {
    postgres.execute(table.createTable());
    postgres.execute(
        "ALTER TABLE %s ADD number bigserial, ADD seen timestamptz NOT NULL DEFAULT now()"
            .formatted(name));

    assertThat(check(superuser()).tableProblem()).isEmpty();
  }

  @Test
  void saysThatTheUserMayNotWrite() {
    String role = "reader_" + UUID.randomUUID().toString().replace('-', '_');
    postgres.execute(table.createTable());
    postgres.execute("CREATE ROLE %s; GRANT SELECT ON %s TO %s".formatted(role, name, role));
    postgres.execute("ALTER ROLE %s LOGIN PASSWORD 'x'".formatted(role));
    JdbcConnection reader = JdbcConnection.to(postgres.jdbcUrl()).as(role);

    assertThat(check(reader).databaseProblem()).isPresent();
    assertThat(check(reader.withPassword(SecretReference.of("env:NO_SUCH"))).databaseProblem())
        .hasValueSatisfying(problem -> assertThat(problem).contains("env:NO_SUCH"));
    postgres.execute("SET ROLE postgres; GRANT %s TO CURRENT_USER".formatted(role));
    assertThat(
            JdbcCheck.of(
                    JdbcConnection.to(postgres.jdbcUrl() + "?options=-c%20role=" + role)
                        .as(postgres.user()),
                    table,
                    PATIENCE)
                .tableProblem())
        .hasValueSatisfying(problem -> assertThat(problem).contains("may not SELECT, INSERT"));
  }

  @Test
  void saysThatNobodyAnswers() {
    assertThat(check(JdbcConnection.to("jdbc:postgresql://127.0.0.1:1/none")).databaseProblem())
        .hasValueSatisfying(problem -> assertThat(problem).contains("127.0.0.1:1"));
  }

  private JdbcConnection superuser() {
    return JdbcConnection.to(postgres.jdbcUrl()).as(postgres.user());
  }

  private JdbcCheck check(JdbcConnection connection) {
    return JdbcCheck.of(connection, table, PATIENCE);
  }
}
