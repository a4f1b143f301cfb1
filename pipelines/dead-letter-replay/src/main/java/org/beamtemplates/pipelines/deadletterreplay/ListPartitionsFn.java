package org.beamtemplates.pipelines.deadletterreplay;

import org.apache.beam.sdk.transforms.DoFn;

/** From a topic to all that is in it when the job starts. */
final class ListPartitionsFn extends DoFn<String, TopicRange> {

  private static final long serialVersionUID = 1L;

  private final ReplaySettings settings;

  ListPartitionsFn(ReplaySettings settings) {
    this.settings = settings;
  }

  @ProcessElement
  public void process(@Element String topic, OutputReceiver<TopicRange> output) {
    try (TopicReader reader = settings.reader()) {
      reader.ranges(topic).stream().filter(range -> !range.isEmpty()).forEach(output::output);
    }
  }
}
