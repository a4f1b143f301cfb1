package org.beamtemplates.transforms.registry;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.beamtemplates.transforms.retry.Patience;
import org.beamtemplates.transforms.retry.Sleeper;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A client of a schema registry that speaks Confluent's REST API, such as Confluent's own, Apicurio
 * (at {@code /apis/ccompat/v7}), Karapace or Redpanda.
 *
 * <p><b>Cost.</b> A schema is asked for once per instance and kept for ever, because ids are
 * immutable. An id that the registry does not know is remembered for a minute, 10 000 of them at
 * most. After 100 unknown ids within a minute, no id that is not known already is looked up until
 * the minute is over: garbage in a topic names random ids, and a storm of it must not become a
 * storm of requests. Records of a schema that is first seen during such a storm are reported as
 * unknown too, with a message that says so; they can be replayed.
 *
 * <p><b>Errors.</b> A registry that is away (no connection, no answer within 10 s, HTTP status 429
 * or 5xx, refused access, answers that are not a registry's) is waited for, with exponential
 * backoff up to 10 s and a warning at once and then every minute. Only after {@link #withPatience},
 * 10 minutes by default, a {@link RegistryUnavailableException} gives the bundle back to the
 * runner. Interrupting the thread ends the wait with the same exception.
 *
 * <p>Serialization keeps the URL and the settings; caches and connections are made anew. Instances
 * are thread-safe, and calls on one instance wait for each other.
 */
public final class SchemaRegistry implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(10);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);

  private final String url;
  private final Patience patience;
  private final UnknownIdPolicy unknownIds;
  private transient @Nullable Session session;

  private SchemaRegistry(String url, Patience patience, UnknownIdPolicy unknownIds) {
    this.url = url;
    this.patience = patience;
    this.unknownIds = unknownIds;
  }

  /**
   * A client of the registry at a base URL, such as {@code http://localhost:8081}. Connects to
   * nothing.
   *
   * @throws IllegalArgumentException if {@link #urlProblem} finds a problem with the URL
   */
  public static SchemaRegistry at(String url) {
    urlProblem(url)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("The URL of the schema registry " + problem);
            });
    return new SchemaRegistry(
        withoutSlash(url), Patience.of(DEFAULT_PATIENCE), UnknownIdPolicy.DEFAULT);
  }

  /**
   * Returns what is wrong with a registry's URL, or empty if nothing is: a clause such as "is
   * empty; give the registry's URL", to be put behind the name of an option. It never repeats the
   * URL. User names and passwords in a URL are refused, because URLs end up in logs.
   */
  public static Optional<String> urlProblem(String url) {
    return RegistryUrl.problem(url);
  }

  /** Returns a client that waits for a registry that is away for as long as this. */
  public SchemaRegistry withPatience(Duration limit) {
    return new SchemaRegistry(url, patience.withLimit(limit), unknownIds);
  }

  SchemaRegistry withTime(Clock clock, Sleeper sleeper) {
    return new SchemaRegistry(url, new Patience(clock, sleeper, patience.limit()), unknownIds);
  }

  SchemaRegistry withUnknownIds(UnknownIdPolicy policy) {
    return new SchemaRegistry(url, patience, policy);
  }

  /** Returns the base URL, without a slash at its end. */
  public String url() {
    return url;
  }

  /**
   * Returns the schema of an id, from the cache or from the registry.
   *
   * @throws UnknownSchemaException if the registry has no usable Avro schema by this id, or if too
   *     many unknown ids were asked for lately
   * @throws RegistryUnavailableException if the registry stays away
   */
  public synchronized Schema schemaById(int id) throws UnknownSchemaException {
    Session open = session();
    Schema known = open.schemas.get(id);
    if (known != null) {
      return known;
    }
    if (id < 0) {
      throw new UnknownSchemaException(id, "schema id " + id + " is negative");
    }
    UnknownSchemaException refusal = open.unknown.refusal(id);
    if (refusal != null) {
      throw refusal;
    }
    try {
      Schema schema = outlast(() -> open.api.schema(id, REQUEST_TIMEOUT));
      open.schemas.put(id, schema);
      return schema;
    } catch (UnknownSchemaException e) {
      open.unknown.add(e);
      throw e;
    }
  }

  /**
   * Registers a schema for a subject and returns its id; the same schema again gets the same id.
   * The registry is asked once per instance, subject and schema. Java's own properties of the
   * schema ({@code avro.java.string}) are left out.
   *
   * @throws IncompatibleSchemaException if the registry refuses the schema
   * @throws RegistryUnavailableException if the registry stays away
   */
  public synchronized int register(String subject, Schema schema) {
    requireNonNull(schema, "schema");
    if (subject.isBlank()) {
      throw new IllegalArgumentException("A subject needs a name");
    }
    Session open = session();
    Registration registration = new Registration(subject, schema);
    Integer known = open.registrations.get(registration);
    if (known != null) {
      return known;
    }
    try {
      int id = outlast(() -> open.api.register(subject, schema, REQUEST_TIMEOUT));
      open.registrations.put(registration, id);
      return id;
    } catch (UnknownSchemaException e) {
      throw new IllegalStateException("A registration looks up no id", e);
    }
  }

  /**
   * Makes one attempt of at most about 5 s to reach the registry and returns what is wrong, in one
   * sentence, or empty if it answers. For the check before a launch.
   */
  public Optional<String> problem() {
    try {
      new RestApi(url).probe(PROBE_TIMEOUT);
      return Optional.empty();
    } catch (RegistryAwayException e) {
      return Optional.of("The schema registry at " + url + " " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("The check of the schema registry at " + url + " was interrupted.");
    }
  }

  @Override
  public String toString() {
    return "SchemaRegistry " + url;
  }

  private <T> T outlast(Patience.Attempt<T, UnknownSchemaException> attempt)
      throws UnknownSchemaException {
    try {
      return patience.outlast("Schema registry " + url, attempt);
    } catch (UnavailableException e) {
      throw new RegistryUnavailableException(e.getMessage(), e.getCause());
    }
  }

  private Session session() {
    if (session == null) {
      session = new Session(new RestApi(url), new UnknownIds(patience.clock(), unknownIds));
    }
    return session;
  }

  private static String withoutSlash(String url) {
    int end = url.length();
    while (end > 0 && url.charAt(end - 1) == '/') {
      end--;
    }
    return url.substring(0, end);
  }

  private record Registration(String subject, Schema schema) {}

  /** What a worker builds up while it runs. */
  private static final class Session {

    private final RestApi api;
    private final UnknownIds unknown;
    private final Map<Integer, Schema> schemas = new HashMap<>();
    private final Map<Registration, Integer> registrations = new HashMap<>();

    Session(RestApi api, UnknownIds unknown) {
      this.api = api;
      this.unknown = unknown;
    }
  }
}
