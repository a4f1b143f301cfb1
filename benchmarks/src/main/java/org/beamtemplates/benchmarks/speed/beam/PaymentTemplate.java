package org.beamtemplates.benchmarks.speed.beam;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.benchmarks.speed.Job;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;
import org.beamtemplates.benchmarks.speed.Workload;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.MemoryIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.ingest.Validator;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.beamtemplates.transforms.state.KeyedState;

/** A workload as a template. */
final class PaymentTemplate implements Template<PipelineOptions> {

  private static final Validator<Payment> VALID =
      payment ->
          PaymentCodec.isValid(payment)
              ? Optional.empty()
              : Optional.of("a payment needs a card, an amount and a country");

  private final Job job;

  PaymentTemplate(Job job) {
    this.job = job;
  }

  @Override
  public String name() {
    return job.workload().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String summary() {
    return job.workload().title();
  }

  @Override
  public Class<PipelineOptions> optionsClass() {
    return PipelineOptions.class;
  }

  @Override
  public List<String> resultKey() {
    return List.of();
  }

  @Override
  public void validate(PipelineOptions options, Problems problems) {}

  @Override
  public void preflight(PipelineOptions options, Problems problems) {}

  @Override
  public void build(Pipeline pipeline, PipelineOptions options) {
    try (DeadLetters deadLetters = DeadLetters.of(name(), "1", DeadLetterSinks.log())) {
      PCollection<IngestedBatch<Payment>> payments = ingest(pipeline, deadLetters);
      switch (job.workload()) {
        case W1, W2 -> sum(payments, deadLetters, byCard().inFixedWindows(Workload.MINUTE));
        case W5 ->
            sum(
                payments,
                deadLetters,
                byCard().inSlidingWindows(Workload.SLIDING_SIZE, Workload.MINUTE));
        case W3 -> payments.apply("Change", ParDo.of(new ChangeFn()));
        case W4 ->
            payments
                .apply(
                    "Sessions",
                    byCard().inSessions(Workload.SESSION_GAP).combiningBatches(new SessionFn()))
                .lateTo(deadLetters, new PaymentEncoder())
                .apply("Tally", ParDo.of(new TallySessionsFn()));
        case W6 -> watch(payments, deadLetters);
      }
    }
  }

  private PCollection<IngestedBatch<Payment>> ingest(Pipeline pipeline, DeadLetters deadLetters) {
    return switch (job.source()) {
      case MEMORY ->
          pipeline.apply(
              "Ingest",
              MemoryIngestion.of(
                  new PaymentSupply(job.keys(), job.records()),
                  new PaymentDecoder(),
                  VALID,
                  Workload.MAX_DELAY,
                  deadLetters));
      case KAFKA ->
          pipeline.apply(
              "Ingest",
              KafkaIngestion.of(
                      new PaymentDecoder(),
                      job.bootstrapServers(),
                      job.topic(),
                      name(),
                      StartFrom.earliest(),
                      EventTime.ofRecordTimestamp().withMaxDelay(Workload.MAX_DELAY))
                  .withValidator(VALID)
                  .withDeadLetters(deadLetters)
                  .inBatches());
    };
  }

  private static WindowedAggregation<String, Payment> byCard() {
    return WindowedAggregation.by(Payment::getCard, StringUtf8Coder.of());
  }

  private static void sum(
      PCollection<IngestedBatch<Payment>> payments,
      DeadLetters deadLetters,
      WindowedAggregation<String, Payment> windows) {
    payments
        .apply("Sum", windows.combiningBatches(new TotalsFn()))
        .lateTo(deadLetters, new PaymentEncoder())
        .apply("Tally", ParDo.of(new TallyWindowsFn()));
  }

  private static void watch(PCollection<IngestedBatch<Payment>> payments, DeadLetters deadLetters) {
    payments
        .apply("Charges", ParDo.of(new ChargeFn()))
        .setCoder(IngestedBatch.coder(new Charge.ChargeCoder()))
        .apply(
            "Watch",
            KeyedState.by(Charge::card, StringUtf8Coder.of())
                .expiringAfter(Duration.ofDays(30))
                .withDeadLetters(deadLetters, new Charge.ChargeEncoder())
                .applyingToBatches(
                    new WatchFunction(), new CardHistoryCoder(), new Alert.AlertCoder()))
        .lateTo(deadLetters, new Charge.ChargeEncoder())
        .apply("Tally", ParDo.of(new TallyAlertsFn()));
  }
}
