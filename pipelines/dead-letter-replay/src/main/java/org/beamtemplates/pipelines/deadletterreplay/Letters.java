package org.beamtemplates.pipelines.deadletterreplay;

import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where the dead letters are: a topic, or files. Bounded. */
final class Letters extends PTransform<PBegin, PCollection<Parcel>> {

  private static final long serialVersionUID = 1L;

  private final @Nullable String topic;
  private final @Nullable String files;
  private final ReplaySettings settings;

  Letters(@Nullable String topic, @Nullable String files, ReplaySettings settings) {
    this.topic = topic;
    this.files = files;
    this.settings = settings;
  }

  @Override
  public PCollection<Parcel> expand(PBegin begin) {
    return (topic == null ? ofFiles(begin) : ofTopic(begin)).setCoder(new ParcelCoder());
  }

  private PCollection<Parcel> ofTopic(PBegin begin) {
    return begin
        .apply("Topic", Create.of(requireNonNull(topic)))
        .apply("ListPartitions", ParDo.of(new ListPartitionsFn(settings)))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("ReadPartitions", ParDo.of(new ReadTopicFn(settings)));
  }

  private PCollection<Parcel> ofFiles(PBegin begin) {
    return begin
        .apply("Match", FileIO.match().filepattern(requireNonNull(files)))
        .apply("Open", FileIO.readMatches().withCompression(Compression.UNCOMPRESSED))
        .apply("ReadFiles", ParDo.of(new ReadFilesFn()));
  }
}
