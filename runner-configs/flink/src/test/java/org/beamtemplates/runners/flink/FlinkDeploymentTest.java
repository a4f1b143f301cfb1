package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.CheckpointingMode;
import org.apache.flink.streaming.api.environment.CheckpointConfig.ExternalizedCheckpointCleanup;
import org.apache.flink.streaming.api.environment.ExecutionCheckpointingOptions;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.SchemaRegistryExtension;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Template;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The files for Kubernetes say the same as those for other clusters, and nothing unknown. */
@ExtendWith({KafkaExtension.class, SchemaRegistryExtension.class})
class FlinkDeploymentTest {

  /** Of the operator, and of the reporter that is named prom: Flink's core does not know them. */
  private static final Pattern KNOWN_TO_OTHERS =
      Pattern.compile("kubernetes\\.operator\\..*|metrics\\.reporter\\.prom\\..*");

  private final DeploymentFile file;

  FlinkDeploymentTest() throws IOException {
    file = DeploymentFile.read();
  }

  @Test
  void isADeploymentForTheOperatorThatIsUpgradedBySavepoint() {
    assertThat(file.deployment())
        .containsEntry("apiVersion", "flink.apache.org/v1beta1")
        .containsEntry("kind", "FlinkDeployment");
    assertThat(file.job("upgradeMode")).isEqualTo("savepoint");
    assertThat(file.job("state")).isEqualTo("running");
    assertThat(file.job("allowNonRestoredState")).isEqualTo("false");
  }

  @Test
  void checkpointsAsTheJobDoesOnOtherClusters() {
    FlinkPipelineOptions job = options().as(FlinkPipelineOptions.class);
    Configuration settings = file.configuration();

    assertThat(settings.get(ExecutionCheckpointingOptions.CHECKPOINTING_INTERVAL))
        .isEqualTo(Duration.ofMillis(job.getCheckpointingInterval()));
    assertThat(settings.get(ExecutionCheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS))
        .isEqualTo(Duration.ofMillis(job.getMinPauseBetweenCheckpoints()));
    assertThat(settings.get(ExecutionCheckpointingOptions.CHECKPOINTING_MODE))
        .isEqualTo(CheckpointingMode.valueOf(job.getCheckpointingMode()));
    assertThat(settings.get(StateBackendOptions.STATE_BACKEND)).isEqualTo(job.getStateBackend());
    assertThat(settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
        .isEqualTo(job.getStateBackendStoragePath());
    assertThat(job.isExternalizedCheckpointsEnabled()).isTrue();
    assertThat(job.getRetainExternalizedCheckpointsOnCancellation()).isTrue();
    assertThat(settings.get(ExecutionCheckpointingOptions.EXTERNALIZED_CHECKPOINT))
        .isEqualTo(ExternalizedCheckpointCleanup.RETAIN_ON_CANCELLATION);
  }

  @Test
  void hasTheSettingsThatGoAlongWithTheJobToOtherClusters() {
    Map<String, String> others = GlobalConfiguration.loadConfiguration("cluster-conf").toMap();

    assertThat(file.settings()).containsAllEntriesOf(others);
    // Flink reads the keys as they are meant: a key that it does not know would change nothing.
    assertThat(file.configuration().get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isTrue();
    assertThat(file.configuration().get(RestartStrategyOptions.RESTART_STRATEGY))
        .isEqualTo("exponential-delay");
    assertThat(
            file.configuration()
                .get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS))
        .isEqualTo(30);
  }

  @Test
  void hasAsManySlotsAsTheJobHasSubtasks() {
    int parallelism = options().as(FlinkPipelineOptions.class).getParallelism();

    assertThat(file.job("parallelism")).isEqualTo(String.valueOf(parallelism));
    assertThat(parallelism % file.configuration().get(TaskManagerOptions.NUM_TASK_SLOTS)).isZero();
  }

  @Test
  void keepsAllThatOutlivesAPodInABucket() {
    Configuration settings = file.configuration();
    List<String> places =
        List.of(
            settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY),
            settings.get(CheckpointingOptions.SAVEPOINT_DIRECTORY),
            settings.get(HighAvailabilityOptions.HA_STORAGE_PATH));

    assertThat(places).doesNotHaveDuplicates().allMatch(place -> place.startsWith("s3://"));
    assertThat(settings.get(HighAvailabilityOptions.HA_MODE)).isEqualTo("kubernetes");
  }

  @Test
  void namesNoSettingThatFlinkDoesNotKnow() throws IllegalAccessException {
    Set<String> known = new TreeSet<>();
    for (Class<?> options :
        List.of(
            CheckpointingOptions.class,
            CoreOptions.class,
            ExecutionCheckpointingOptions.class,
            HighAvailabilityOptions.class,
            MetricOptions.class,
            RestartStrategyOptions.class,
            StateBackendOptions.class,
            TaskManagerOptions.class)) {
      known.addAll(keysOf(options));
    }

    assertThat(file.settings().keySet())
        .filteredOn(key -> !KNOWN_TO_OTHERS.matcher(key).matches())
        .isSubsetOf(known);
  }

  @Test
  void runsATemplateOfTheImage() throws Exception {
    Class<?> entry = Class.forName(file.job("entryClass"));
    String jar = file.job("jarURI");

    assertThat(Template.class).isAssignableFrom(entry);
    assertThatCode(() -> entry.getMethod("main", String[].class)).doesNotThrowAnyException();
    assertThat(jar).startsWith("local:///opt/flink/usrlib/");
    // The jar, or in a build that makes none the classes of the module, among the libraries.
    String module = jar.replaceAll(".*/(.*)-" + Pattern.quote(version()) + "\\.jar", "$1");
    assertThat(Files.readString(Path.of("target/job.classpath")).split(File.pathSeparator, -1))
        .anyMatch(path -> path.contains(File.separator + module + File.separator + "target"));
    assertThat(file.spec("image").toString()).endsWith(":" + version());
  }

  @Test
  void givesArgumentsThatTheLaunchAccepts(LocalKafka kafka, LocalSchemaRegistry registry)
      throws Exception {
    kafka.createTopic("page-events", 2);
    kafka.createTopic("page-statistics", 2);
    kafka.createTopic("page-events.dead-letters", 1);
    List<String> args = new ArrayList<>(file.args());
    // The last of several counts.
    args.add("--bootstrapServers=" + kafka.bootstrapServers());
    args.add("--registryUrl=" + registry.url());
    args.add("--explain");
    Template<?> template =
        Class.forName(file.job("entryClass"))
            .asSubclass(Template.class)
            .getConstructor()
            .newInstance();

    Launched launched = Launched.of(template, args.toArray(String[]::new));

    assertThat(launched.err()).isEmpty();
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out().replaceAll("\\s+", " "))
        .contains("in application mode", "in RocksDB", "checkpoints in s3://")
        .doesNotContain("embedded Flink cannot go on");
  }

  @Test
  void readsItsOptionsFromWhereTheImageHasThem() throws IOException {
    String dockerfile = dockerfile();

    assertThat(file.job("args")).contains("@/opt/flink/job/application/application.options");
    assertThat(dockerfile).contains("COPY --chown=flink:flink job/ /opt/flink/job/\n");
    assertThat(dockerfile).contains("COPY --chown=flink:flink usrlib/ /opt/flink/usrlib/\n");
  }

  @Test
  void startsFromAnImageOfThisProjectsFlinkAndJava() throws IOException {
    Matcher from =
        Pattern.compile("^FROM flink:(\\d+\\.\\d+)-java(\\d+)$", Pattern.MULTILINE)
            .matcher(dockerfile());
    assertThat(from.find()).isTrue();

    // The patch releases of a minor one fit each other.
    assertThat(EnvironmentInformation.getVersion()).startsWith(from.group(1) + ".");
    assertThat(file.spec("flinkVersion")).isEqualTo("v" + from.group(1).replace('.', '_'));
    // The enforcer demands the JDK that the classes are compiled for.
    assertThat(from.group(2)).isEqualTo(String.valueOf(Runtime.version().feature()));
  }

  @Test
  void opensWhatFlinkNeedsOnThisJava() throws IOException {
    List<String> flags =
        Files.readAllLines(Path.of("jvm.options")).stream()
            .filter(line -> line.startsWith("-") && !line.startsWith("-Xmx"))
            .toList();

    assertThat(file.settings().get("env.java.opts.all").split(" +", -1))
        .containsExactlyInAnyOrderElementsOf(flags);
  }

  @Test
  void letsNobodyReachTheMetricsUnlessOpened() {
    String port = file.settings().get("metrics.reporter.prom.port");
    Map<String, Object> spec = DeploymentFile.map(file.policy().get("spec"));

    assertThat(file.policy()).containsEntry("kind", "NetworkPolicy");
    assertThat(DeploymentFile.at(spec, "podSelector", "matchLabels", "app")).isEqualTo(file.name());
    assertThat(spec.get("policyTypes")).isEqualTo(List.of("Ingress"));
    assertThat((List<?>) spec.get("ingress"))
        .allSatisfy(
            rule -> {
              Map<String, Object> ingress = DeploymentFile.map(rule);
              boolean ownPods =
                  ingress
                      .get("from")
                      .equals(List.of(Map.of("podSelector", spec.get("podSelector"))));
              boolean otherPorts =
                  ingress.containsKey("ports")
                      && !ingress.get("ports").toString().contains("port=" + port);
              assertThat(ownPods || otherPorts).isTrue();
            });
  }

  private RealtimeAnalyticsOptions options() {
    return PipelineOptionsFactory.fromArgs(file.options())
        .withValidation()
        .as(RealtimeAnalyticsOptions.class);
  }

  private static Set<String> keysOf(Class<?> options) throws IllegalAccessException {
    Set<String> keys = new TreeSet<>();
    for (var field : options.getFields()) {
      if (Modifier.isStatic(field.getModifiers())
          && field.get(null) instanceof ConfigOption<?> option) {
        keys.add(option.key());
      }
    }
    return keys;
  }

  private static String dockerfile() throws IOException {
    return Files.readString(Path.of("kubernetes/Dockerfile"));
  }

  /** Of this project, which every module has. */
  private static String version() throws IOException {
    Matcher version =
        Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    return version.group(1);
  }
}
