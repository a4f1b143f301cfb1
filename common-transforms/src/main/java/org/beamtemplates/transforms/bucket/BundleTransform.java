package org.beamtemplates.transforms.bucket;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.apache.beam.sdk.util.NameUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.RunnerDependent;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;

/**
 * A transform that takes elements one by one or in batches, with the same results.
 *
 * @param <T> type of the elements' values
 * @param <OutT> what it gives
 */
public abstract class BundleTransform<T, OutT extends POutput>
    implements Serializable, HasDisplayData, RunnerDependent {

  private static final long serialVersionUID = 1L;

  /** Expands it, as {@link PTransform#expand} does. */
  protected abstract OutT expand(BundleInput<T> input);

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {}

  /** Returns the transform of elements one by one. */
  public final PTransform<PCollection<Ingested<T>>, OutT> ofEach() {
    return new OfEach<>(this);
  }

  /** Returns the transform of batches. */
  public final PTransform<PCollection<IngestedBatch<T>>, OutT> ofBatches() {
    return new OfBatches<>(this);
  }

  private abstract static class Of<InT, T, OutT extends POutput>
      extends PTransform<PCollection<InT>, OutT> implements RunnerDependent {

    private static final long serialVersionUID = 1L;

    final BundleTransform<T, OutT> transform;

    /** Has the name of the transform where none is given. */
    Of(BundleTransform<T, OutT> transform) {
      super(NameUtils.approximateSimpleName(transform));
      this.transform = transform;
    }

    @Override
    public String executionOn(RunnerCapabilities runner) {
      return transform.executionOn(runner);
    }

    @Override
    public void explain(RunnerCapabilities runner, Explanation to) {
      transform.explain(runner, to);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      transform.populateDisplayData(builder);
    }
  }

  private static final class OfEach<T, OutT extends POutput> extends Of<Ingested<T>, T, OutT> {

    private static final long serialVersionUID = 1L;

    OfEach(BundleTransform<T, OutT> transform) {
      super(transform);
    }

    @Override
    public OutT expand(PCollection<Ingested<T>> elements) {
      return transform.expand(BundleInput.of(elements));
    }
  }

  private static final class OfBatches<T, OutT extends POutput>
      extends Of<IngestedBatch<T>, T, OutT> {

    private static final long serialVersionUID = 1L;

    OfBatches(BundleTransform<T, OutT> transform) {
      super(transform);
    }

    @Override
    public OutT expand(PCollection<IngestedBatch<T>> batches) {
      return transform.expand(BundleInput.ofBatches(batches));
    }
  }
}
