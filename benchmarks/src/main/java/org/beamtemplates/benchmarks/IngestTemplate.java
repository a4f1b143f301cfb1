package org.beamtemplates.benchmarks;

import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.registry.SchemaRegistry;

/** Reads and decodes a topic of page events, and counts them. */
abstract class IngestTemplate implements Template<IngestOptions> {

  @Override
  public String name() {
    return getClass().getSimpleName();
  }

  @Override
  public String summary() {
    return "Reads a topic";
  }

  @Override
  public Class<IngestOptions> optionsClass() {
    return IngestOptions.class;
  }

  @Override
  public List<String> resultKey() {
    return List.of();
  }

  @Override
  public void validate(IngestOptions options, Problems problems) {}

  @Override
  public void preflight(IngestOptions options, Problems problems) {}

  static Decoder<PageEvent> decoder(IngestOptions options) {
    return Decoders.confluentAvro(PageEvent.class, SchemaRegistry.at(options.getRegistryUrl()));
  }

  static void count(PCollection<Ingested<PageEvent>> events) {
    events.apply("Count", ParDo.of(new CountFn()));
  }

  private static final class CountFn extends DoFn<Ingested<PageEvent>, Void> {

    private static final long serialVersionUID = 1L;

    private final StageCounters counters = StageCounters.of("count");

    @ProcessElement
    public void process() {
      counters.in();
    }
  }
}
