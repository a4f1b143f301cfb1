package org.beamtemplates.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.ingest.KafkaIngestion.Batching;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No broker is there: sources are looked at, not read. */
class ReadSourcesTest {

  @Test
  void findsTheSourceOfKafkaIO() {
    UnboundedSource<KafkaRecord<byte[], byte[]>, ?> source = ReadSources.of(read());

    // Changed by an upgrade of Beam? Then look whether batches are still exact.
    assertThat(source.getClass().getName())
        .isEqualTo("org.apache.beam.sdk.io.kafka.KafkaUnboundedSource");
    assertThat(source.requiresDeduping()).isFalse();
  }

  @Test
  void refusesWhatOnlyTheSplittableDoFnCanDo() {
    // By KafkaIO itself, which is told to use its other reader.
    assertNotCompatible(read().withStopReadTime(Instant.EPOCH));
    assertNotCompatible(read().withConsumerPollingTimeout(5));
  }

  @Test
  void refusesWhatIsNotInTheSource() {
    assertRefused(read().withMaxNumRecords(10));
    assertRefused(read().withMaxReadTime(Duration.standardSeconds(1)));
    assertRefused(read().withRedistribute().withRedistributeNumKeys(4));
  }

  @Test
  void refusesDeduplicationByOffset() {
    KafkaIO.Read<byte[], byte[]> read =
        read().withOffsetDeduplication(true).withRedistribute().withRedistributeNumKeys(4);

    assertRefused(read);
    assertThatThrownBy(() -> inBatches(ReadSources.of(read().withOffsetDeduplication(true))))
        .isInstanceOfAny(IllegalStateException.class, IllegalArgumentException.class);
  }

  /** Also guards that the ingestion itself sets nothing that is for the splittable DoFn alone. */
  @ParameterizedTest
  @EnumSource
  void theNameOfTheStepTellsHowKafkaIsRead(Batching batching) {
    Set<String> names = stepsOf(batching);

    assertThat(names)
        .contains(batching == Batching.ALWAYS ? "Ingest/ReadBatches" : "Ingest/Read")
        .doesNotContain(batching == Batching.ALWAYS ? "Ingest/Read" : "Ingest/ReadBatches");
  }

  private static Set<String> stepsOf(Batching batching) {
    Pipeline pipeline = Pipeline.create();
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", DeadLetterSinks.log())) {
      pipeline.apply(
          "Ingest",
          KafkaIngestion.of(
                  new TimedTextDecoder(),
                  "127.0.0.1:1",
                  "topic",
                  "group",
                  StartFrom.earliest(),
                  EventTime.ofRecordTimestamp())
              .withBatching(batching)
              .withDeadLetters(deadLetters));
    }
    Set<String> names = new TreeSet<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            names.add(node.getFullName());
            return CompositeBehavior.ENTER_TRANSFORM;
          }
        });
    return names;
  }

  private static void assertNotCompatible(KafkaIO.Read<byte[], byte[]> read) {
    assertThatThrownBy(() -> ReadSources.of(read))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("LEGACY");
  }

  private static void assertRefused(KafkaIO.Read<byte[], byte[]> read) {
    assertThatThrownBy(() -> ReadSources.of(read))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("exactly one source is expected");
  }

  private static <C extends CheckpointMark> Object inBatches(
      UnboundedSource<KafkaRecord<byte[], byte[]>, C> source) {
    return BatchedSource.of(
        source, new IdleAwarePolicyFactory.Stamped(), StampedBatchCoder.of(), Clock.systemUTC());
  }

  private static KafkaIO.Read<byte[], byte[]> read() {
    return KafkaIO.<byte[], byte[]>read()
        .withBootstrapServers("127.0.0.1:1")
        .withTopics(List.of("topic"))
        .withConsumerConfigUpdates(Map.of("group.id", "group"))
        .withKeyDeserializer(ByteArrayDeserializer.class)
        .withValueDeserializer(ByteArrayDeserializer.class);
  }
}
