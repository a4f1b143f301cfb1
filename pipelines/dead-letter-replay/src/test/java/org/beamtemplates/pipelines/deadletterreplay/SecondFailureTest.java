package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A record that fails again and again, in a pipeline that reads what the replays send. */
@ExtendWith(KafkaExtension.class)
class SecondFailureTest {

  private final Desk desk;

  SecondFailureTest(LocalKafka kafka) {
    this.desk = new Desk(kafka);
  }

  @Test
  void isOneStoryWithItsFirstFailureAndEndsAfterTheLastAttempt() {
    desk.kafka.send(
        List.of(new ProducerRecord<>(desk.source, 0, "k".getBytes(UTF_8), "bad".getBytes(UTF_8))));

    try (RunningPipeline job = RunningPipeline.start(pipelineThatFails())) {
      job.await(() -> letters().size() == 1);
      assertSent(desk.replay("--backoff=0s", "--maxAttempts=3"));
      job.await(() -> letters().size() == 2);
      assertSent(desk.replay("--backoff=0s", "--maxAttempts=3"));
      job.await(() -> letters().size() == 3);

      Launched last = desk.replay("--backoff=0s", "--maxAttempts=3");

      assertThat(Desk.count(last, Outcome.TRIED_TOO_OFTEN)).isEqualTo(1);
      assertThat(Desk.count(last, Outcome.SENT_BEFORE)).isEqualTo(2);
    }
    List<DeadLetter> story = letters();
    assertThat(story.stream().map(DeadLetter::getAttempts)).containsExactly(1, 2, 3);
    assertThat(story.stream().map(DeadLetter::getPreviousId))
        .containsExactly(null, story.get(0).getId(), story.get(1).getId());
    assertThat(story)
        .allSatisfy(
            letter -> {
              assertThat(letter.getSource()).isEqualTo(desk.source);
              assertThat(letter.getOffset()).isZero();
              assertThat(letter.getFirstFailureMs()).isEqualTo(story.get(0).getFirstFailureMs());
            });
    assertThat(desk.sent()).hasSize(3);
  }

  private static void assertSent(Launched run) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(Launcher.DONE);
    assertThat(Desk.count(run, Outcome.SENT)).isEqualTo(1);
  }

  private List<DeadLetter> letters() {
    return desk.kafka.readAll(desk.letters).stream()
        .map(ConsumerRecord::value)
        .map(DeadLetterCodec::decode)
        .sorted(Comparator.comparing(DeadLetter::getAttempts))
        .toList();
  }

  private Pipeline pipelineThatFails() {
    Pipeline pipeline = Pipeline.create(RunningPipeline.options(PipelineOptions.class));
    String brokers = desk.kafka.bootstrapServers();
    try (DeadLetters deadLetters =
        DeadLetters.of("shop", "1", DeadLetterSinks.kafka(brokers, desk.letters))) {
      pipeline.apply(
          "Ingest",
          KafkaIngestion.of(
                  new PickyDecoder(),
                  brokers,
                  desk.source,
                  "shop-" + desk.source,
                  StartFrom.earliest(),
                  EventTime.ofRecordTimestamp().withMaxDelay(Duration.ofSeconds(5)))
              .withDeadLetters(deadLetters));
    }
    return pipeline;
  }

  /** Takes no record. */
  private static final class PickyDecoder implements Decoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public String decode(RawRecord record) throws DecodeException {
      throw new DecodeException("nothing is good enough");
    }

    @Override
    public TypeDescriptor<String> type() {
      return TypeDescriptors.strings();
    }

    @Override
    public Coder<String> coder() {
      return StringUtf8Coder.of();
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
