package org.beamtemplates.transforms.deliver.jdbc;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.beamtemplates.transforms.io.SecretReference;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * How to connect to a PostgreSQL database. The password is a reference, resolved whenever a worker
 * connects; it is neither serialized nor printed.
 *
 * <p>A connection is given up after 10 s without being made, and an answer after a minute, unless
 * the URL says otherwise ({@code connectTimeout}, {@code socketTimeout}); TLS is a matter of the
 * URL, too ({@code sslmode}).
 */
public final class JdbcConnection implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final String SCHEME = "jdbc:postgresql:";
  private static final String EXAMPLE = ", such as jdbc:postgresql://localhost:5432/analytics";

  private static final Pattern USER_PARAMETER = Pattern.compile("[?&]user=");
  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("[?&](password|sslpassword)=", Pattern.CASE_INSENSITIVE);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(1);

  private final String url;
  private final @Nullable String user;
  private final @Nullable SecretReference password;

  private JdbcConnection(String url, @Nullable String user, @Nullable SecretReference password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /**
   * A database at a URL, such as {@code jdbc:postgresql://localhost:5432/analytics}. Connects to
   * nothing.
   *
   * @throws IllegalArgumentException if {@link #urlProblem} finds a problem with the URL
   */
  public static JdbcConnection to(String url) {
    urlProblem(url)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("The URL of the database " + problem);
            });
    return new JdbcConnection(url, null, null);
  }

  /** Connects as this user. */
  public JdbcConnection as(String userName) {
    return new JdbcConnection(url, requireNonNull(userName, "userName"), password);
  }

  /** Connects with the password that is kept there. */
  public JdbcConnection withPassword(SecretReference reference) {
    return new JdbcConnection(url, user, requireNonNull(reference, "reference"));
  }

  /**
   * Returns what is wrong with a URL, or empty if nothing is: a clause to be put behind the name of
   * an option. It never repeats the URL. Passwords in a URL are refused, because URLs end up in
   * logs.
   */
  public static Optional<String> urlProblem(String url) {
    if (!url.startsWith(SCHEME)) {
      return Optional.of("has to begin with " + SCHEME + "//" + EXAMPLE);
    }
    int parameters = url.indexOf('?');
    String address = parameters < 0 ? url : url.substring(0, parameters);
    if (SECRET_PARAMETER.matcher(url).find() || address.indexOf('@') >= 0) {
      return Optional.of(
          "must not contain a password: URLs end up in logs; refer to it instead, by env:NAME or"
              + " file:/path");
    }
    if (USER_PARAMETER.matcher(url).find()) {
      return Optional.of(
          "must not name the user, which would win over the one that is named apart");
    }
    if (Driver.parseURL(url, null) == null) {
      return Optional.of("is no URL that the driver understands; give one" + EXAMPLE);
    }
    return Optional.empty();
  }

  /** Returns the URL. */
  public String url() {
    return url;
  }

  /** Says which database is meant, without any secret. */
  @Override
  public String toString() {
    return user == null ? url : url + " as " + user;
  }

  /** Asks the driver itself: DriverManager does not see those of a job's own class loader. */
  Connection open() throws SQLException {
    return open(CONNECT_TIMEOUT, ANSWER_TIMEOUT);
  }

  Connection open(Duration connectTimeout, Duration answerTimeout) throws SQLException {
    Properties properties = new Properties();
    PGProperty.APPLICATION_NAME.set(properties, "beam-templates");
    PGProperty.CONNECT_TIMEOUT.set(properties, Math.toIntExact(connectTimeout.toSeconds()));
    PGProperty.SOCKET_TIMEOUT.set(properties, Math.toIntExact(answerTimeout.toSeconds()));
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    if (user != null) {
      PGProperty.USER.set(properties, user);
    }
    if (password != null) {
      PGProperty.PASSWORD.set(properties, password.resolve());
    }
    return requireNonNull(new Driver().connect(url, properties), url);
  }
}
