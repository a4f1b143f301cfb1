package org.beamtemplates.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deliver.jdbc.Column;
import org.beamtemplates.transforms.deliver.jdbc.JdbcConnection;
import org.beamtemplates.transforms.deliver.jdbc.JdbcDelivery;
import org.beamtemplates.transforms.deliver.jdbc.JdbcTable;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.io.SecretReference;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.junit.jupiter.api.Test;

/** The examples of the README and of the Javadoc compile, and build a graph without any network. */
class ExamplesTest {

  private static final String NOWHERE = "127.0.0.1:1";

  @Test
  void theExampleOfTheReadmeBuildsAGraph() {
    Pipeline pipeline = Pipeline.create();
    try (DeadLetters deadLetters =
        DeadLetters.of("my-pipeline", "1.0", DeadLetterSinks.kafka(NOWHERE, "dead-letters"))) {

      PCollection<Ingested<PageEvent>> events =
          pipeline.apply(
              "Ingest",
              KafkaIngestion.of(
                      Decoders.confluentAvro(
                          PageEvent.class, SchemaRegistry.at("http://" + NOWHERE)),
                      NOWHERE,
                      "page-events",
                      "my-group",
                      StartFrom.committed(),
                      EventTime.ofRecordTimestamp().withMaxDelay(Duration.ofSeconds(5)))
                  .withDeadLetters(deadLetters));

      Aggregated<String, PageEvent, Long> views =
          events.apply(
              "CountViews",
              WindowedAggregation.by(PageEvent::getCountry, StringUtf8Coder.of())
                  .inFixedWindows(Duration.ofMinutes(1))
                  .withAllowedLateness(Duration.ofMinutes(5))
                  .combining(Count.combineFn()));

      views.lateTo(deadLetters, Encoders.json(PageEvent.class));
    }

    assertThat(topLevelSteps(pipeline))
        .contains("Ingest", "CountViews", "DeadLetters-aggregate", "WriteDeadLetters");
  }

  @Test
  void theExampleOfJdbcDeliveryBuildsAGraph() {
    Pipeline pipeline = Pipeline.create();
    PCollection<PageStatistics> statistics =
        pipeline.apply("Create", Create.empty(AvroCoder.of(PageStatistics.class)));
    try (DeadLetters deadLetters = DeadLetters.of("my-pipeline", "1.0", DeadLetterSinks.log())) {

      JdbcTable<PageStatistics> table =
          JdbcTable.of(
              "views",
              List.of(
                  Column.timestamp("minute", PageStatistics::getWindowStartMs),
                  Column.text("country", PageStatistics::getCountry)),
              List.of(Column.bigint("views", PageStatistics::getEvents)),
              PageStatistics::getRevision);
      statistics.apply(
          "Deliver",
          JdbcDelivery.to(
                  JdbcConnection.to("jdbc:postgresql://localhost:5432/analytics")
                      .as("analytics")
                      .withPassword(SecretReference.of("env:DB_PASSWORD")),
                  table,
                  Encoders.json(PageStatistics.class))
              .withDeadLetters(deadLetters));
    }

    assertThat(topLevelSteps(pipeline)).contains("Deliver");
  }

  private static List<String> topLevelSteps(Pipeline pipeline) {
    List<String> steps = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            if (node.isRootNode()) {
              return CompositeBehavior.ENTER_TRANSFORM;
            }
            steps.add(node.getFullName());
            return CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
          }
        });
    return steps;
  }
}
