package org.beamtemplates.transforms.ingest;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PValue;

/** Finds the source that KafkaIO reads from, which it does not show. */
final class ReadSources {

  private ReadSources() {}

  /**
   * Returns the source of a read from Kafka. Nothing is connected to.
   *
   * @throws IllegalStateException if the read is more than its source: then the source alone would
   *     lose a part of it
   */
  static <K, V> UnboundedSource<KafkaRecord<K, V>, ?> of(KafkaIO.Read<K, V> read) {
    // A pipeline that is only looked at. Without this experiment KafkaIO may choose its splittable
    // DoFn, which has no source.
    Pipeline scratch = Pipeline.create();
    ExperimentalOptions.addExperiment(
        scratch.getOptions().as(ExperimentalOptions.class), "use_deprecated_read");
    PCollection<KafkaRecord<K, V>> records = scratch.apply(read);
    Reads reads = new Reads(records);
    scratch.traverseTopologically(reads);
    if (reads.found.size() != 1 || !reads.isAll) {
      throw new IllegalStateException(
          "this version of KafkaIO, or a setting of the read, makes "
              + reads.found.size()
              + " unbounded sources"
              + (reads.isAll ? "" : " and more steps behind them")
              + " of a read from Kafka, where exactly one source is expected; without settings such"
              + " as a stop time, a limit or redistribution there is one");
    }
    // It makes the records that the read makes.
    @SuppressWarnings("unchecked")
    UnboundedSource<KafkaRecord<K, V>, ?> source =
        (UnboundedSource<KafkaRecord<K, V>, ?>) reads.found.get(0).getSource();
    return source;
  }

  private static final class Reads extends Pipeline.PipelineVisitor.Defaults {

    private final PValue output;
    private final List<Read.Unbounded<?>> found = new ArrayList<>();
    private boolean isAll;

    Reads(PValue output) {
      this.output = output;
    }

    @Override
    public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
      if (node.getTransform() instanceof Read.Unbounded<?> read) {
        found.add(read);
        isAll = node.getOutputs().containsValue(output);
        return CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
      }
      return CompositeBehavior.ENTER_TRANSFORM;
    }
  }
}
