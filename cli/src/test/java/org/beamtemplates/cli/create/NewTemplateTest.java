package org.beamtemplates.cli.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes templates from one of this checkout. */
class NewTemplateTest {

  private static final ExistingTemplate OLD = Checkout.template();
  private static final String NEW = "harbour-watch";
  private static final String PACKAGE = "net.harbour.watch";

  /** The letters of the old name in any spelling. */
  private static final Pattern OLD_NAME =
      Pattern.compile(
          "(?i)" + String.join("[^a-z0-9]{0,3}", OLD.name().replace("-", "").split("")));

  @TempDir private Path temporary;

  @Test
  void aProjectHasNothingOfTheOldName() throws IOException {
    SortedMap<String, String> files = Checkout.files(project(runners()));

    assertThat(files)
        .allSatisfy(
            (path, text) -> {
              assertThat(OLD_NAME.matcher(path).find()).as(path).isFalse();
              assertThat(text).as(path).doesNotContain(OLD.packageName());
              assertThat(OLD_NAME.matcher(text).find()).as(path).isFalse();
            });
    assertThat(files)
        .containsKeys(
            "README.md",
            "LICENSE",
            ".gitignore",
            ".mvn/jvm.config",
            "pipelines/harbour-watch/src/main/java/net/harbour/watch/HarbourWatch.java",
            "pipelines/harbour-watch/src/test/resources/golden/expected.jsonl");
    assertThat(temporary.resolve("out/project/templates")).isExecutable();
    assertThat(temporary.resolve("out/project/mvnw")).isExecutable();
  }

  @Test
  void aProjectKeepsTheLibraryAsItIs() throws IOException {
    Map<String, String> original = Checkout.files(Checkout.ROOT);
    Map<String, String> copy = Checkout.files(project(runners()));

    copy.forEach(
        (path, text) -> {
          if (path.matches("(schemas|local-services|common-transforms)/.*")
              && !OLD_NAME.matcher(original.getOrDefault(path, "")).find()
              && !path.contains("log4j2")) {
            assertThat(text).as(path).isEqualTo(original.get(path));
          }
        });
    assertThat(modules(copy)).isSubsetOf(modules(original));
  }

  @Test
  void everyLinkOfAProjectLeadsSomewhere() throws IOException {
    Path project = project(runners());

    Checkout.files(project)
        .forEach(
            (path, text) -> {
              if (path.endsWith(".md")) {
                assertThat(Markdown.links(path, text))
                    .as(path)
                    .allSatisfy(link -> assertThat(project.resolve(link)).exists());
              }
            });
    assertThat(Files.readString(project.resolve("README.md"))).doesNotContain("${");
  }

  @Test
  void aProjectLeavesOutTheRunnersThatWereNotChosen() throws IOException {
    // What the texts of a project begin with.
    String chosen = runners().contains("direct") ? "direct" : configs().get(0).runner();
    List<String> leftOut = new ArrayList<>(runners());
    leftOut.remove(chosen);
    assumeThat(leftOut).isNotEmpty();

    SortedMap<String, String> files = Checkout.files(project(List.of(chosen)));

    for (String runner : leftOut) {
      assertThat(files.keySet()).noneMatch(path -> path.startsWith("runner-configs/" + runner));
      assertThat(files.get("runner-configs/pom.xml")).doesNotContain(runner);
      assertThat(files.get("runner-configs/README.md").toLowerCase(Locale.ROOT))
          .doesNotContainPattern("\\b" + runner + "\\b");
      assertThat(files)
          .allSatisfy(
              (path, text) -> {
                if (path.endsWith(".md")) {
                  assertThat(text).as(path).doesNotContain("--on " + runner);
                }
              });
      assertThat(files.get(".gitignore")).doesNotContain(runner);
    }
  }

  @Test
  void aProjectWithoutARunnerToLaunchWithIsRefused() {
    assertThatThrownBy(() -> create(Checkout.ROOT).asProject(out(), List.of(), configs()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("nothing can be launched with. Add one of: ");
    assertThat(temporary.resolve("out")).doesNotExist();
  }

  @Test
  void aModuleIsKnownWhereTheOldOneIs() throws IOException {
    Path root = Checkout.copyTo(temporary.resolve("copy"));
    Map<String, String> before = Checkout.files(root);

    create(root).asModule();

    Map<String, String> after = Checkout.files(root);
    for (String pom : List.of("pom.xml", "pipelines/pom.xml", "cli/pom.xml")) {
      assertThat(after.get(pom)).as(pom).contains(">harbour-watch<");
    }
    before.forEach(
        (path, text) -> {
          if (path.endsWith("pom.xml") && !path.startsWith("pipelines/" + OLD.name())) {
            assertThat(count(after.get(path), "harbour-watch|HarbourWatch"))
                .as(path)
                .isEqualTo(count(text, OLD.name() + "|" + pascal(OLD.name())));
          } else if (!path.equals("README.md") && !path.contains("log4j2")) {
            assertThat(after.get(path)).as(path).isEqualTo(text);
          }
        });
    assertThat(after.get("README.md"))
        .contains("[harbour-watch](pipelines/harbour-watch/README.md)");
    assertThat(after.get("pom.xml")).contains("<include>net.harbour.watch.*</include>");
    Map<String, String> made = new TreeMap<>(after);
    made.keySet().removeIf(path -> !path.startsWith("pipelines/harbour-watch/"));
    assertThat(made)
        .isNotEmpty()
        .allSatisfy(
            (path, text) -> {
              assertThat(OLD_NAME.matcher(path + text).find()).as(path).isFalse();
              if (JavaFormat.covers(path)) {
                assertThat(text).as(path).isEqualTo(JavaFormat.format(path, text));
              }
            });
    assertThat(root.resolve("target")).isEmptyDirectory();
    Layout.of(root);
  }

  @Test
  void aProjectFromOneOfSeveralTemplatesNamesNoOther() throws IOException {
    Path root = Checkout.copyTo(temporary.resolve("copy"));
    create(root).asModule();
    ExistingTemplate second = new ExistingTemplate(NEW, PACKAGE, "Watches");
    List<ExistingTemplate> both = new ArrayList<>(Checkout.templates());
    both.add(second);
    for (String path : Checkout.files(root).keySet()) {
      if (path.matches("runner-configs/.*/" + pascal(OLD.name()) + "\\w*\\.java")) {
        Files.writeString(root.resolve(path), "// of the first\n", StandardOpenOption.APPEND);
      }
    }

    Path project =
        NewTemplate.of(root, both, second, "third-one", "net.third.one")
            .asProject(out(), runners(), configs());

    SortedMap<String, String> files = Checkout.files(project);
    assertThat(files).containsKey("pipelines/third-one/src/main/java/net/third/one/ThirdOne.java");
    assertThat(files)
        .allSatisfy(
            (path, text) ->
                assertThat(path + text)
                    .as(path)
                    .doesNotContainPattern(OLD_NAME)
                    .doesNotContain(PACKAGE, "// of the first\n")
                    .doesNotContain("HarbourWatch", "harbour-watch"));
    // Beside the one that the command uses itself.
    long companions = files.containsKey("pipelines/dead-letter-replay/pom.xml") ? 1 : 0;
    assertThat(count(files.get("pipelines/pom.xml"), "<module>")).isEqualTo(1 + companions);
    assertThat(count(files.get("cli/pom.xml"), "third-one")).isEqualTo(1);
  }

  @Test
  void aLateFailureLeavesTheCheckoutAsItWas() throws IOException {
    Path root = Checkout.copyTo(temporary.resolve("copy"));
    String copied =
        Checkout.files(root).keySet().stream()
            .filter(path -> path.matches("runner-configs/.*/" + pascal(OLD.name()) + "\\w*\\.java"))
            .findFirst()
            .orElse("");
    assumeThat(copied).isNotEmpty();
    // No file can be moved to where this folder is, and that is tried last.
    Path obstacle = root.resolve(copied.replace(pascal(OLD.name()), "HarbourWatch"));
    Files.createDirectories(obstacle.resolve("folder"));
    Files.writeString(obstacle.resolve("folder/file.txt"), "");
    SortedMap<String, String> before = Checkout.files(root);

    assertThatThrownBy(() -> create(root).asModule()).isInstanceOf(IOException.class);

    SortedMap<String, String> after = Checkout.files(root);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((path, text) -> assertThat(after.get(path)).as(path).isEqualTo(text));
    assertThat(root.resolve("target")).isEmptyDirectory();
  }

  @Test
  void aModuleReplacesNoFileOfAnEarlierOne() throws IOException {
    Path root = Checkout.copyTo(temporary.resolve("copy"));
    Optional<String> copied =
        Checkout.files(root).keySet().stream()
            .filter(path -> path.matches("runner-configs/.*/" + pascal(OLD.name()) + "\\w*\\.java"))
            .findFirst();
    assumeThat(copied).isPresent();
    Path left = root.resolve(copied.get().replace(pascal(OLD.name()), "HarbourWatch"));
    Files.writeString(left, "somebody's work");

    assertThatThrownBy(() -> create(root).asModule())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(left.getFileName() + " already");

    assertThat(left).hasContent("somebody's work");
    assertThat(root.resolve("pipelines/harbour-watch")).doesNotExist();
  }

  @Test
  void refusesPlacesThatAreNoneForAProject() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    Path full = Files.createDirectories(temporary.resolve("full/of")).getParent();
    Path link = Files.createSymbolicLink(temporary.resolve("link"), Checkout.ROOT);

    assertRefused(file, "exists and is no folder");
    assertRefused(file.resolve("below"), "is no folder");
    assertRefused(full, "not empty");
    assertRefused(Checkout.ROOT.resolve("cards"), "inside of this repository");
    assertRefused(link.resolve("cards"), "inside of this repository");
    assertRefused(Checkout.ROOT.getParent(), "not empty");
    assertRefused(temporary.resolve("a:b"), "with ':'");
    assertRefused(Path.of("/"), "root of all files");
  }

  @Test
  void refusesANameWhoseClassesTheCodeUsesForSomethingElse() {
    assertThatThrownBy(
            () ->
                NewTemplate.of(
                    Checkout.ROOT, Checkout.templates(), OLD, "p-collection", "com.acme.tides"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("makes a class PCollection, but the code of " + OLD.name());
  }

  private void assertRefused(Path out, String reason) {
    assertThatThrownBy(() -> create(Checkout.ROOT).asProject(out, runners(), configs()))
        .as(out.toString())
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("--out is " + out)
        .hasMessageContaining(reason)
        .hasMessageContaining("Give ");
  }

  private Path project(List<String> runners) throws IOException {
    Path project = create(Checkout.ROOT).asProject(out(), runners, configs());
    assertThat(temporary).isDirectoryNotContaining(path -> path.toString().contains(".new-"));
    return project;
  }

  private Path out() {
    return temporary.resolve("out/project");
  }

  private static NewTemplate create(Path root) throws IOException {
    return NewTemplate.of(root, Checkout.templates(), OLD, NEW, PACKAGE);
  }

  private static List<String> runners() throws IOException {
    return Layout.of(Checkout.ROOT).runners();
  }

  /** Every runner with an option file can be launched with. */
  private static List<LaunchConfig> configs() throws IOException {
    List<LaunchConfig> configs = new ArrayList<>();
    for (String runner : runners()) {
      if (Files.exists(
          Checkout.ROOT.resolve("runner-configs/%1$s/%1$s.options".formatted(runner)))) {
        configs.add(new LaunchConfig(runner, runner, "Runs."));
      }
    }
    return configs;
  }

  private static List<String> modules(Map<String, String> files) {
    return files.keySet().stream()
        .filter(path -> path.endsWith("/pom.xml") && !path.startsWith("pipelines/"))
        .toList();
  }

  private static long count(String text, String expression) {
    return Pattern.compile(expression).matcher(text).results().count();
  }

  private static String pascal(String name) {
    return Name.of(name).pascal();
  }
}
