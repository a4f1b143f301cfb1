package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;
import org.beamtemplates.transforms.retry.AwayException;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Tells a bad record from bad infrastructure, by the error: the one becomes a dead letter, the
 * other fails the bundle, and the runner tries it again.
 *
 * <p>Of the error and its causes, from the outside in, the first whose class has a rule decides; of
 * the rules that fit a class, that of the most specific one. An error without a rule is the
 * record's fault: what runs a user's function over a value can blame little else, and a record that
 * fails a bundle fails it for ever.
 *
 * <p>{@link #standard} takes these, and their subclasses, for infrastructure:
 *
 * <ul>
 *   <li>{@link UnavailableException} and {@link AwayException}: a service that was waited for
 *   <li>{@link SocketException}, {@link SocketTimeoutException}, {@link UnknownHostException}: the
 *       network
 *   <li>{@link TimeoutException}; {@link InterruptedException}: the worker is being stopped
 *   <li>{@link RetriableException}: Kafka
 *   <li>{@link SQLTransientException}, {@link SQLRecoverableException}, {@link
 *       SQLNonTransientConnectionException}, and any {@link SQLException} of the classes 08
 *       (connection), 40 (rolled back), 53 (resources) and 57 (intervention)
 *   <li>{@link VirtualMachineError}, {@link LinkageError}: the worker; but not {@link
 *       StackOverflowError}, which is a record that is nested too deep
 * </ul>
 *
 * <pre>{@code
 * DeadLetters.of("my-pipeline", "1.0", sink)
 *     .withClassifier(FailureClassifier.standard().with(QuotaException.class, Kind.INFRASTRUCTURE))
 * }</pre>
 *
 * <p>Cost: paid for failures only, about 0.1 µs.
 */
public final class FailureClassifier implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final int MAX_DEPTH = 32;

  /** Whose fault a failure is. */
  public enum Kind {
    /** The record's: it will fail again, whenever it is tried. A dead letter. */
    RECORD,
    /** That of something the step needs: the record is tried again, until it is there. */
    INFRASTRUCTURE
  }

  private static final FailureClassifier STANDARD =
      new FailureClassifier(Map.of())
          .with(UnavailableException.class, Kind.INFRASTRUCTURE)
          .with(AwayException.class, Kind.INFRASTRUCTURE)
          .with(SocketException.class, Kind.INFRASTRUCTURE)
          .with(SocketTimeoutException.class, Kind.INFRASTRUCTURE)
          .with(UnknownHostException.class, Kind.INFRASTRUCTURE)
          .with(TimeoutException.class, Kind.INFRASTRUCTURE)
          .with(InterruptedException.class, Kind.INFRASTRUCTURE)
          .with(RetriableException.class, Kind.INFRASTRUCTURE)
          .with(SQLTransientException.class, Kind.INFRASTRUCTURE)
          .with(SQLRecoverableException.class, Kind.INFRASTRUCTURE)
          .with(SQLNonTransientConnectionException.class, Kind.INFRASTRUCTURE)
          .with(VirtualMachineError.class, Kind.INFRASTRUCTURE)
          .with(LinkageError.class, Kind.INFRASTRUCTURE)
          .with(StackOverflowError.class, Kind.RECORD);

  private final HashMap<Class<?>, Kind> rules;

  private FailureClassifier(Map<Class<?>, Kind> rules) {
    this.rules = new HashMap<>(rules);
  }

  /** The rules above. */
  public static FailureClassifier standard() {
    return STANDARD;
  }

  /** Returns these rules and one more, which replaces an earlier one for the same class. */
  public FailureClassifier with(Class<? extends Throwable> type, Kind kind) {
    Map<Class<?>, Kind> more = new HashMap<>(rules);
    more.put(requireNonNull(type, "type"), requireNonNull(kind, "kind"));
    return new FailureClassifier(more);
  }

  /** Returns the rules, by class. */
  Map<Class<?>, Kind> rules() {
    return Map.copyOf(rules);
  }

  /** Returns whose fault an error is. */
  public Kind classify(Throwable error) {
    @Nullable Throwable next = error;
    // An error can be its own cause, by a detour.
    for (int depth = 0; next != null && depth < MAX_DEPTH; depth++) {
      @Nullable Kind kind = ruleFor(next);
      if (kind != null) {
        return kind;
      }
      next = ErrorText.cause(next);
    }
    return Kind.RECORD;
  }

  private @Nullable Kind ruleFor(Throwable error) {
    for (Class<?> type = error.getClass(); type != Object.class; type = type.getSuperclass()) {
      @Nullable Kind kind = rules.get(type);
      if (kind != null) {
        return kind;
      }
      if (type == SQLException.class && isOfTheDatabase((SQLException) error)) {
        return Kind.INFRASTRUCTURE;
      }
    }
    return null;
  }

  private static boolean isOfTheDatabase(SQLException error) {
    String state = error.getSQLState();
    return state != null
        && (state.startsWith("08")
            || state.startsWith("40")
            || state.startsWith("53")
            || state.startsWith("57"));
  }
}
