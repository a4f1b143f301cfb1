package org.beamtemplates.pipelines.realtimeanalytics;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.deliver.jdbc.JdbcCheck;
import org.beamtemplates.transforms.deliver.jdbc.JdbcConnection;
import org.beamtemplates.transforms.deliver.jdbc.JdbcTable;
import org.beamtemplates.transforms.io.SecretReference;
import org.beamtemplates.transforms.launch.Problems;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The database that results go to, as the options say. */
final class Database {

  private final RealtimeAnalyticsOptions options;

  Database(RealtimeAnalyticsOptions options) {
    this.options = options;
  }

  JdbcConnection connection() {
    JdbcConnection connection =
        JdbcConnection.to(requireNonNull(options.getOutputJdbcUrl(), "outputJdbcUrl"));
    if (options.getJdbcUser() != null) {
      connection = connection.as(options.getJdbcUser());
    }
    if (options.getJdbcPassword() != null) {
      connection = connection.withPassword(SecretReference.of(options.getJdbcPassword()));
    }
    return connection;
  }

  JdbcTable<PageStatistics> table() {
    return PageStatisticsTable.named(options.getOutputTable());
  }

  /** Looks at the options alone. */
  void validate(Problems problems) {
    if (options.getOutputJdbcUrl() != null) {
      JdbcConnection.urlProblem(options.getOutputJdbcUrl())
          .ifPresent(problem -> problems.add("outputJdbcUrl", problem));
    } else if (!problems.concern("outputJdbcUrl")) {
      needsDatabase("jdbcUser", options.getJdbcUser(), problems);
      needsDatabase("jdbcPassword", options.getJdbcPassword(), problems);
    }
    if (!problems.concern("outputTable")) {
      JdbcTable.nameProblem(options.getOutputTable())
          .ifPresent(
              problem ->
                  problems.add(
                      "outputTable", "was \"" + options.getOutputTable() + "\", which " + problem));
    }
    if (options.getJdbcPassword() != null) {
      SecretReference.problem(options.getJdbcPassword())
          .ifPresent(problem -> problems.add("jdbcPassword", problem));
    }
  }

  private static void needsDatabase(String option, @Nullable String value, Problems problems) {
    if (value != null) {
      problems.add(option, "is given, but no --outputJdbcUrl; give that too, or leave this out");
    }
  }

  /** Asks the database, unless an option is wrong that it takes for that. */
  void preflight(Duration patience, Problems problems) {
    if (options.getOutputJdbcUrl() == null
        || problems.concern("outputJdbcUrl")
        || problems.concern("outputTable")
        || problems.concern("jdbcPassword")) {
      return;
    }
    JdbcCheck check = JdbcCheck.of(connection(), table(), patience);
    check
        .databaseProblem()
        .ifPresent(
            problem ->
                problems.add(
                    "outputJdbcUrl",
                    "was \"" + options.getOutputJdbcUrl() + "\", which " + problem));
    check
        .tableProblem()
        .ifPresent(
            problem ->
                problems.add(
                    "outputTable", "was \"" + options.getOutputTable() + "\", which " + problem));
  }
}
