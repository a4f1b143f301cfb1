package org.beamtemplates.transforms.bucket;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.apache.beam.sdk.util.NameUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;
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

  /** Returns the name of a transform that none is given for. */
  private static String nameOf(BundleTransform<?, ?> transform) {
    return NameUtils.approximateSimpleName(transform);
  }

  private static final class OfEach<T, OutT extends POutput>
      extends PTransform<PCollection<Ingested<T>>, OutT> implements RunnerDependent {

    private static final long serialVersionUID = 1L;

    private final BundleTransform<T, OutT> transform;

    OfEach(BundleTransform<T, OutT> transform) {
      super(nameOf(transform));
      this.transform = transform;
    }

    @Override
    public OutT expand(PCollection<Ingested<T>> elements) {
      return transform.expand(BundleInput.of(elements));
    }

    @Override
    public String executionOn(RunnerCapabilities runner) {
      return transform.executionOn(runner);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      transform.populateDisplayData(builder);
    }
  }

  private static final class OfBatches<T, OutT extends POutput>
      extends PTransform<PCollection<IngestedBatch<T>>, OutT> implements RunnerDependent {

    private static final long serialVersionUID = 1L;

    private final BundleTransform<T, OutT> transform;

    OfBatches(BundleTransform<T, OutT> transform) {
      super(nameOf(transform));
      this.transform = transform;
    }

    @Override
    public OutT expand(PCollection<IngestedBatch<T>> batches) {
      return transform.expand(BundleInput.ofBatches(batches));
    }

    @Override
    public String executionOn(RunnerCapabilities runner) {
      return transform.executionOn(runner);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      transform.populateDisplayData(builder);
    }
  }
}
