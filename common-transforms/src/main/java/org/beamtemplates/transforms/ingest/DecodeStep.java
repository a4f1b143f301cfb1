package org.beamtemplates.transforms.ingest;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.ingest.EventTime.Reading;
import org.beamtemplates.transforms.ingest.EventTime.Status;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Decodes and validates one record, and sends it on or to the dead letters. Shared by all kinds of
 * ingestion.
 */
final class DecodeStep<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Name of the stage in the accounting and in the dead letters, unless another is chosen. */
  static final String DEFAULT_STAGE = "ingest";

  private final Decoder<T> decoder;
  private final Validator<T> validator;
  private final EventTime eventTime;
  private final StageDeadLetters letters;
  private final TupleTag<Ingested<T>> good = new TupleTag<>("decoded") {};
  private final TupleTag<IngestedBatch<T>> batches = new TupleTag<>("batches") {};
  private final TupleTag<DeadLetter> dead = new TupleTag<>("dead") {};
  private final StageCounters counters;

  DecodeStep(
      Decoder<T> decoder, Validator<T> validator, EventTime eventTime, StageDeadLetters letters) {
    this.decoder = decoder;
    this.validator = validator;
    this.eventTime = eventTime;
    this.letters = letters;
    this.counters = StageCounters.of(letters.stage());
  }

  /** Applies a DoFn that works with this step, and keeps the dead letters. */
  <InT> PCollection<Ingested<T>> decodeWith(
      DoFn<InT, Ingested<T>> fn, PCollection<InT> input, DeadLetters handler) {
    PCollectionTuple decoded =
        input.apply("Decode", ParDo.of(fn).withOutputTags(good, TupleTagList.of(dead)));
    handler.add(letters.stage(), decoded.get(dead).setCoder(DeadLetterCoder.of()));
    return decoded.get(good).setCoder(Ingested.coder(decoder.coder()));
  }

  /** Decodes batches, which stay together, and keeps the dead letters. */
  PCollection<IngestedBatch<T>> decodeTogether(
      PCollection<List<StampedRecord>> input, DeadLetters handler) {
    PCollectionTuple decoded =
        input.apply(
            "Decode",
            ParDo.of(new DecodeTogetherFn<>(this)).withOutputTags(batches, TupleTagList.of(dead)));
    handler.add(letters.stage(), decoded.get(dead).setCoder(DeadLetterCoder.of()));
    return decoded.get(batches).setCoder(IngestedBatch.coder(decoder.coder()));
  }

  void open() {
    decoder.open();
  }

  /** Decodes a record whose event time its reader knows already. */
  void process(StampedRecord stamped, MultiOutputReceiver output) {
    counters.in();
    counters.out(decodeStamped(stamped, each(output), output));
  }

  /** Decodes a batch, each record for itself: one that is broken takes no other with it. */
  void process(List<StampedRecord> batch, MultiOutputReceiver output) {
    process(batch, each(output), output);
  }

  /** Decodes a batch as {@link #process(List, MultiOutputReceiver)}, and keeps it together. */
  private void processTogether(
      List<StampedRecord> batch,
      OutputReceiver<IngestedBatch<T>> together,
      MultiOutputReceiver output) {
    IngestedBatch.Builder<T> decoded = IngestedBatch.builder(batch.size());
    process(batch, decoded::add, output);
    if (!decoded.isEmpty()) {
      // With the batch's timestamp, which is the least of those that were read.
      together.output(decoded.build());
    }
  }

  private void process(
      List<StampedRecord> batch, ObjLongConsumer<Ingested<T>> decoded, MultiOutputReceiver output) {
    counters.in(batch.size());
    int count = 0;
    for (StampedRecord stamped : batch) {
      count += decodeStamped(stamped, decoded, output);
    }
    counters.out(count);
  }

  private ObjLongConsumer<Ingested<T>> each(MultiOutputReceiver output) {
    OutputReceiver<Ingested<T>> receiver = output.get(good);
    return (element, millis) -> receiver.outputWithTimestamp(element, Instant.ofEpochMilli(millis));
  }

  private int decodeStamped(
      StampedRecord stamped, ObjLongConsumer<Ingested<T>> decoded, MultiOutputReceiver output) {
    RawRecord raw = stamped.raw();
    Reading reading = stamped.reading();
    T value = decode(raw, reading, output);
    return value == null
        ? 0
        : finish(raw, value, reading, stamped.watermarkMillis(), decoded, output);
  }

  /** Decodes a record of a source without timestamps and without watermark: nothing is late. */
  void process(
      RawRecord raw, SerializableFunction<T, Long> eventTimeMillis, MultiOutputReceiver output) {
    counters.in();
    T value = decode(raw, Reading.MISSING, output);
    if (value != null) {
      finishUntimed(raw, value, eventTimeMillis, output);
    }
  }

  /** Takes a value that its source has decoded already. */
  void accept(
      RawRecord raw,
      T value,
      SerializableFunction<T, Long> eventTimeMillis,
      MultiOutputReceiver output) {
    counters.in();
    finishUntimed(raw, value, eventTimeMillis, output);
  }

  private void finishUntimed(
      RawRecord raw,
      T value,
      SerializableFunction<T, Long> eventTimeMillis,
      MultiOutputReceiver output) {
    Reading reading = timeOf(value, eventTimeMillis);
    counters.out(finish(raw, value, reading, Ingested.NEVER_LATE, each(output), output));
  }

  private @Nullable T decode(RawRecord raw, Reading reading, MultiOutputReceiver output) {
    T value = null;
    Throwable error = null;
    // Around the decoding only: what the steps after this one throw is not this record's fault.
    try {
      value = decoder.decode(raw);
    } catch (DecodeException | RuntimeException | StackOverflowError e) {
      // Nor is a registry that is away: the runner tries the bundle again.
      letters.rethrowInfrastructure(e);
      error = e;
    }
    if (value == null) {
      Throwable cause = error == null ? new DecodeException("the decoder returned null") : error;
      bury(Categories.DECODE, raw, reading, cause, output);
    }
    return value;
  }

  /** Returns how many values are sent on: 1, or 0 if it is not valid. */
  private int finish(
      RawRecord raw,
      T value,
      Reading reading,
      long watermarkMillis,
      ObjLongConsumer<Ingested<T>> decoded,
      MultiOutputReceiver output) {
    @Nullable Throwable fault = fault(value, reading);
    if (fault != null) {
      bury(Categories.VALIDATE, raw, reading, fault, output);
      return 0;
    }
    decoded.accept(new Ingested<>(value, raw.origin(), watermarkMillis), reading.millis());
    return 1;
  }

  private Reading timeOf(T value, SerializableFunction<T, Long> eventTimeMillis) {
    try {
      return eventTime.judge(OptionalLong.of(eventTimeMillis.apply(value)));
    } catch (RuntimeException | StackOverflowError e) {
      return Reading.MISSING;
    }
  }

  /**
   * Gives up a record that cannot even be read.
   *
   * @param complete whether {@code raw} holds all of its bytes
   */
  void unreadable(RawRecord raw, boolean complete, Throwable error, MultiOutputReceiver output) {
    counters.in();
    counters.dead();
    DeadLetter letter =
        letters.ofRecord(Categories.DECODE, raw, decoder.contentType(), null, null, error);
    letter.setReplayable(complete);
    output.get(dead).output(letter);
  }

  /** Returns what is wrong with a value: a broken rule, or a rule that fails itself. */
  private @Nullable Throwable fault(T value, Reading reading) {
    if (reading.status() != Status.SANE) {
      return new InvalidRecordException(eventTime.complaint(reading));
    }
    try {
      return validator.complaint(value).map(InvalidRecordException::new).orElse(null);
    } catch (RuntimeException | StackOverflowError e) {
      letters.rethrowInfrastructure(e);
      return e;
    }
  }

  private void bury(
      String category,
      RawRecord raw,
      Reading reading,
      Throwable error,
      MultiOutputReceiver output) {
    counters.dead();
    @Nullable Integer schemaId = error instanceof DecodeException e ? e.schemaId() : null;
    @Nullable Long eventMillis = reading.status() == Status.MISSING ? null : reading.millis();
    output
        .get(dead)
        .output(
            letters.ofRecord(category, raw, decoder.contentType(), schemaId, eventMillis, error));
  }

  private static final class DecodeTogetherFn<T>
      extends DoFn<List<StampedRecord>, IngestedBatch<T>> {

    private static final long serialVersionUID = 1L;

    private final DecodeStep<T> step;

    DecodeTogetherFn(DecodeStep<T> step) {
      this.step = step;
    }

    @Setup
    public void setup() {
      step.open();
    }

    @ProcessElement
    public void process(
        @Element List<StampedRecord> batch,
        OutputReceiver<IngestedBatch<T>> together,
        MultiOutputReceiver output) {
      step.processTogether(batch, together, output);
    }
  }
}
