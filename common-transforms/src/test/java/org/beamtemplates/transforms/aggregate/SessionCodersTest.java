package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCodersTest {

  @ParameterizedTest
  @CsvSource({"0, 1", "-60000, 30000", "1772323200000, 1772323230000"})
  void readsBackSessionsOfABundle(long start, long end) throws Exception {
    Coder<Session<String>> coder = Session.coder(StringUtf8Coder.of());
    Session<String> session = new Session<>(start, end, "ä😀");

    CoderProperties.coderDecodeEncodeEqual(coder, session);
    CoderProperties.structuralValueDecodeEncodeEqual(coder, session);
    CoderProperties.coderDeterministic(coder, session, session);
    CoderProperties.coderSerializable(coder);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void readsBackKeptSessions(boolean ended, boolean changed) throws Exception {
    Coder<SessionsOfKey<String>> coder = SessionsOfKey.coder(StringUtf8Coder.of());
    SessionsOfKey<String> kept =
        new SessionsOfKey<>(
            1_000,
            List.of(
                new KeptSession<>(-5, 7, "one", 3, ended, changed),
                new KeptSession<>(8, 900, "", 0, changed, ended)));

    CoderProperties.coderDecodeEncodeEqual(coder, kept);
    CoderProperties.structuralValueDecodeEncodeEqual(coder, kept);
    CoderProperties.coderDeterministic(coder, kept, kept);
    CoderProperties.coderSerializable(coder);
  }

  @Test
  void comparesSessionsByWhatIsInThem() {
    Coder<Session<byte[]>> ofBundle = Session.coder(ByteArrayCoder.of());
    Coder<SessionsOfKey<byte[]>> ofKey = SessionsOfKey.coder(ByteArrayCoder.of());

    assertThat(ofBundle.structuralValue(bytes(1))).isEqualTo(ofBundle.structuralValue(bytes(1)));
    assertThat(ofBundle.structuralValue(bytes(1))).isNotEqualTo(ofBundle.structuralValue(bytes(2)));
    assertThat(ofKey.structuralValue(kept(1))).isEqualTo(ofKey.structuralValue(kept(1)));
    assertThat(ofKey.structuralValue(kept(1))).isNotEqualTo(ofKey.structuralValue(kept(2)));
  }

  @Test
  void areAsDeterministicAsTheAccumulator() {
    assertThatThrownBy(() -> Session.coder(DoubleCoder.of()).verifyDeterministic())
        .isInstanceOf(NonDeterministicException.class);
    assertThatThrownBy(() -> SessionsOfKey.coder(DoubleCoder.of()).verifyDeterministic())
        .isInstanceOf(NonDeterministicException.class);
  }

  private static Session<byte[]> bytes(int value) {
    return new Session<>(0, 1, new byte[] {(byte) value});
  }

  private static SessionsOfKey<byte[]> kept(int value) {
    return new SessionsOfKey<>(1, List.of(KeptSession.fresh(0, 1, new byte[] {(byte) value})));
  }
}
