package org.beamtemplates.transforms.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.deadletter.FailureClassifier.Kind;
import org.beamtemplates.transforms.retry.AwayException;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest {

  private final FailureClassifier standard = FailureClassifier.standard();

  static Stream<Throwable> infrastructure() {
    return Stream.of(
        new UnavailableException("the registry is away", null),
        new AwayException("does not answer", null),
        new ConnectException("refused"),
        new SocketTimeoutException("read timed out"),
        new TimeoutException(),
        new InterruptedException(),
        new DisconnectException("broker"),
        new SQLTransientConnectionException("away"),
        new SQLException("connection lost", "08006"),
        new SQLException("deadlock", "40P01"),
        new SQLException("too many connections", "53300"),
        new SQLException("shutting down", "57P01"),
        new OutOfMemoryError(),
        new NoClassDefFoundError("x"),
        new IllegalStateException(
            "lookup failed", new UncheckedIOException(new ConnectException())));
  }

  static Stream<Throwable> records() {
    return Stream.of(
        new DecodeException("garbage"),
        new IllegalArgumentException("negative"),
        new NullPointerException(),
        new IOException("a stream that ends too soon"),
        new SQLException("value too long", "22001"),
        new SQLException("no state"),
        new RecordTooLargeException("2 MB"),
        new StackOverflowError());
  }

  @ParameterizedTest
  @MethodSource
  void infrastructure(Throwable error) {
    assertThat(standard.classify(error)).isEqualTo(Kind.INFRASTRUCTURE);
  }

  @ParameterizedTest
  @MethodSource
  void records(Throwable error) {
    assertThat(standard.classify(error)).isEqualTo(Kind.RECORD);
  }

  @Test
  void theMostSpecificRuleOfTheOutermostErrorDecides() {
    FailureClassifier ours =
        standard
            .with(IOException.class, Kind.INFRASTRUCTURE)
            .with(DecodeException.class, Kind.RECORD);

    assertThat(ours.classify(new IOException("disk"))).isEqualTo(Kind.INFRASTRUCTURE);
    assertThat(ours.classify(new DecodeException("bad", new IOException()))).isEqualTo(Kind.RECORD);
    assertThat(ours.with(ConnectException.class, Kind.RECORD).classify(new ConnectException()))
        .isEqualTo(Kind.RECORD);
    assertThat(standard.classify(new IOException("disk"))).isEqualTo(Kind.RECORD);
  }

  @Test
  void anErrorThatIsItsOwnCauseIsClassified() {
    Exception first = new Exception("first");
    Exception second = new Exception("second", first);
    first.initCause(second);

    assertThat(standard.classify(first)).isEqualTo(Kind.RECORD);
  }

  @Test
  void travelsWithThePipeline() {
    FailureClassifier copy =
        SerializableUtils.clone(standard.with(IOException.class, Kind.INFRASTRUCTURE));

    assertThat(copy.rules()).containsEntry(IOException.class, Kind.INFRASTRUCTURE).hasSize(15);
  }

  @Test
  void aStageThrowsAgainWhatIsNotTheRecordsFault() {
    StageDeadLetters letters =
        new StageDeadLetters("p", "1", "enrich", Clock.systemUTC(), standard);
    UnavailableException away = new UnavailableException("away", null);

    assertThatThrownBy(() -> letters.rethrowInfrastructure(away)).isSameAs(away);
    assertThatThrownBy(() -> letters.rethrowInfrastructure(new ConnectException("refused")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("enrich cannot work now: java.net.ConnectException: refused");
    assertThatThrownBy(() -> letters.rethrowInfrastructure(new OutOfMemoryError()))
        .isInstanceOf(OutOfMemoryError.class);
    assertThatCode(() -> letters.rethrowInfrastructure(new IllegalArgumentException()))
        .doesNotThrowAnyException();
  }
}
