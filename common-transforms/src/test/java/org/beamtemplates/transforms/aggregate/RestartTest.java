package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.bucket.BucketedEvents;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.beamtemplates.transforms.record.Origin;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** A step goes on where it was, though the watermark of a runner begins anew after a restart. */
class RestartTest {

  private static final Instant ANEW = BoundedWindow.TIMESTAMP_MIN_VALUE;

  @Test
  void anIdThatWasForgottenStaysForgotten() {
    DropSeenInBucketFn<String> fn =
        new DropSeenInBucketFn<>(
            element -> element, StringUtf8Coder.of(), Duration.ofMillis(100), "test");
    FakeCells.OfMap<String, Long> seen = new FakeCells.OfMap<>();
    FakeCells.Value<Long> due = new FakeCells.Value<>();
    FakeCells.Value<Long> highest = new FakeCells.Value<>();
    FakeCells.Outputs<IngestedBatch<String>> output = new FakeCells.Outputs<>();

    fn.process(batch("a", 10), seen, due, highest, at(0), output);
    fn.process(batch("a", 10), seen, due, highest, at(110), output);
    fn.process(batch("b", 300), seen, due, highest, at(111), output);
    fn.process(batch("a", 10), seen, due, highest, new FakeCells.At(ANEW), output);

    assertThat(output.all)
        .extracting(batch -> batch.element(0).value())
        .containsExactly("a", "b", "a");
  }

  @Test
  void aSessionThatWasClosedStaysClosed() {
    SessionsFn<String, String, String> fn =
        new SessionsFn<>(
            AggregationSpec.<String, String>by(key -> key, StringUtf8Coder.of()),
            new Concatenate(),
            StringUtf8Coder.of(),
            SessionTimes.of(Duration.ofMillis(100), Duration.ZERO));
    FakeCells.OfMap<String, SessionsOfKey<String>> sessions = new FakeCells.OfMap<>();
    FakeCells.OfMap<Long, List<String>> agenda = new FakeCells.OfMap<>();
    FakeCells.Value<KV<Long, Long>> position = new FakeCells.Value<>();
    FakeCells.Value<Boolean> earlySet = new FakeCells.Value<>();
    FakeCells.Value<Long> highest = new FakeCells.Value<>();
    FakeCells.Outputs<WindowResult<String, String>> output = new FakeCells.Outputs<>();

    fn.process(
        session("a", 10), sessions, agenda, position, null, earlySet, highest, at(0), null, output);
    fn.process(
        session("b", 300),
        sessions,
        agenda,
        position,
        null,
        earlySet,
        highest,
        at(111),
        null,
        output);
    // Overlaps the first session, which has ended before the watermark of the second.
    fn.process(
        session("a", 60),
        sessions,
        agenda,
        position,
        null,
        earlySet,
        highest,
        new FakeCells.At(ANEW),
        null,
        output);
    fn.onWatermark(sessions, agenda, position, highest, at(1_000), output);

    assertThat(output.all)
        .filteredOn(pane -> pane.key().equals("a"))
        .extracting(pane -> pane.windowStartMillis() + " " + pane.value())
        .containsExactly("10 a", "60 a");
  }

  private static KV<Integer, List<KV<String, List<Session<String>>>>> session(
      String key, long start) {
    return KV.of(0, List.of(KV.of(key, List.of(new Session<>(start, start + 100, key)))));
  }

  private static final class Concatenate extends Combine.CombineFn<String, String, String> {

    private static final long serialVersionUID = 1L;

    @Override
    public String createAccumulator() {
      return "";
    }

    @Override
    public String addInput(String text, String more) {
      return text + more;
    }

    @Override
    public String mergeAccumulators(Iterable<String> texts) {
      return String.join("", texts);
    }

    @Override
    public String extractOutput(String text) {
      return text;
    }
  }

  private static FakeCells.At at(long millis) {
    return new FakeCells.At(Instant.ofEpochMilli(millis));
  }

  private static KV<Integer, byte[]> batch(String id, long millis) {
    BucketedEvents<String> events = new BucketedEvents<>(StringUtf8Coder.of(), 1);
    events.add(0, Ingested.of(id, Origin.none()), millis);
    List<KV<Integer, byte[]>> drained = new ArrayList<>();
    events.drain((bucket, timestamp) -> drained.add(bucket));
    return drained.get(0);
  }
}
