package org.beamtemplates.cli.create;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A new template from an existing one, under a name of its own: a module of the checkout, or a
 * project that stands alone. Either is made as a whole or, after a failure or a signal, not at all.
 */
public final class NewTemplate {

  private static final Pattern WORD = Pattern.compile("\\w+");

  /** What the command itself runs: every project gets these, under their own names. */
  private static final Set<String> COMPANIONS = Set.of("dead-letter-replay");

  private final Layout layout;
  private final List<Identity> templates;
  private final ExistingTemplate source;
  private final Identity from;
  private final Identity to;

  private NewTemplate(
      Layout layout, List<Identity> templates, ExistingTemplate source, Identity to) {
    this.layout = layout;
    this.templates = templates;
    this.source = source;
    this.from = source.identity();
    this.to = to;
  }

  /**
   * Checks the names, and throws a {@link Refusal} if they cannot be used.
   *
   * @param root the checkout
   * @param templates its templates
   * @param source the one to make the new one from
   * @param name name of the new one
   * @param packageName its package, or null for the usual one
   */
  public static NewTemplate of(
      Path root,
      Collection<ExistingTemplate> templates,
      ExistingTemplate source,
      String name,
      @Nullable String packageName)
      throws IOException {
    Layout layout = Layout.of(root);
    List<Identity> identities = templates.stream().map(ExistingTemplate::identity).toList();
    if (!layout.folders().contains(source.identity().module())) {
      throw new Refusal(
          "--from is %s, but there is no module %s. Give a template of this checkout."
              .formatted(source.name(), source.identity().module()));
    }
    Set<String> taken = layout.artifacts();
    taken.addAll(layout.runners());
    Identity to = new NameRules(identities, taken, layout.packages()).identity(name, packageName);
    NewTemplate created = new NewTemplate(layout, identities, source, to);
    created.checkClassNames();
    return created;
  }

  /** A class that is renamed must not get a name that the code uses for something else. */
  private void checkClassNames() throws IOException {
    Rename rename = new Rename(templates, List.of(from), to);
    Set<String> used = new TreeSet<>();
    Set<String> made = new TreeSet<>();
    FileTree sources = layout.sources(from.module());
    for (String path : sources.files().keySet()) {
      if (JavaFormat.covers(path)) {
        WORD.matcher(sources.text(path)).results().forEach(word -> used.add(word.group()));
        String simple = path.substring(path.lastIndexOf('/') + 1).replace(".java", "");
        if (rename.concerns(simple)) {
          made.add(rename.in(simple));
        }
      }
    }
    made.retainAll(used);
    if (!made.isEmpty()) {
      throw new Refusal(
          ("<name> is %s, which makes a class %s, but the code of %s uses that name for another."
                  + " Give another name.")
              .formatted(to.name(), made.iterator().next(), from.name()));
    }
  }

  /** Returns the name of the package. */
  public String packageName() {
    return to.packageName();
  }

  /**
   * Makes a module of the checkout and makes it known to the others.
   *
   * @return its folder
   */
  public Path asModule() throws IOException {
    Path module = layout.root().resolve(to.module());
    if (Files.exists(module)) {
      throw new Refusal(
          "<name> is %s, but %s exists. Give another name, or remove it."
              .formatted(to.name(), module));
    }
    Rename rename = new Rename(templates, List.of(from), to);
    FileTree sources = below(to.module(), layout.sources(from.module()).renamed(rename));
    FileTree others = new ModuleWiring(layout, from, to, rename).files();
    Path target = Files.createDirectories(layout.root().resolve("target"));
    try (Staging staging = Staging.in(target)) {
      staging.folder(module, sources);
      for (Map.Entry<String, Content> file : others.files().entrySet()) {
        staging.file(layout.root().resolve(file.getKey()), file.getValue());
      }
      staging.commit();
    }
    return module;
  }

  /**
   * Makes a project that needs nothing of this checkout.
   *
   * @param out its folder, which must not exist or be empty
   * @param runners folders of the runners that it gets
   * @param configs all that there is to launch with
   * @return its folder
   */
  public Path asProject(Path out, Collection<String> runners, List<LaunchConfig> configs)
      throws IOException {
    Destination destination = Destination.of(out, layout.root());
    List<LaunchConfig> chosen =
        configs.stream().filter(config -> runners.contains(config.runner())).toList();
    if (chosen.isEmpty()) {
      throw new Refusal(
          "--runners is %s, which nothing can be launched with. Add one of: %s."
              .formatted(
                  String.join(",", runners),
                  String.join(
                      ", ", new TreeSet<>(configs.stream().map(LaunchConfig::runner).toList()))));
    }
    FileTree project = project(runners, chosen);
    for (LaunchConfig config : configs) {
      if (!chosen.contains(config)) {
        project.edit(path -> path.endsWith(".md"), text -> launchWith(config, chosen, text));
      }
    }
    try (Staging staging = Staging.in(destination.ancestor())) {
      staging.folder(destination.folder(), project);
      staging.commit();
    }
    return destination.folder();
  }

  /** Examples of a launch that name a config which is left out take one that is there. */
  private static String launchWith(LaunchConfig leftOut, List<LaunchConfig> chosen, String text) {
    return text.replaceAll(
        "--on " + Pattern.quote(leftOut.name()) + "(?![\\w-])", "--on " + chosen.get(0).name());
  }

  private FileTree project(Collection<String> runners, List<LaunchConfig> configs)
      throws IOException {
    List<Identity> companions =
        templates.stream()
            .filter(template -> COMPANIONS.contains(template.name().dashed()))
            .filter(template -> !template.equals(from))
            .toList();
    // What is left to say about other templates says it about the only one that there is.
    List<Identity> renamed = new ArrayList<>(templates);
    renamed.removeAll(companions);
    Rename rename = new Rename(templates, renamed, to);
    FileTree copy = new ProjectCopy(layout, from, companions, rename, runners).files();
    List<String> docs = addDocs(copy);
    FileTree project = copy.renamed(rename);
    OwnPackage.addTo(project, to.packageName());
    project.put("README.md", ProjectReadme.write(to, source.summary(), configs, project, docs));
    for (String path : List.copyOf(project.files().keySet())) {
      if (path.endsWith(".md")) {
        project.edit(path::equals, text -> Markdown.unlinked(path, text, project::hasPath));
      }
    }
    return project;
  }

  /** Adds the guides, and returns what the README refers to. */
  private List<String> addDocs(FileTree copy) throws IOException {
    Set<String> open =
        new TreeSet<>(
            List.of(
                "docs/architecture.md",
                "docs/dead-letters.md",
                "docs/demo.md",
                "docs/profiling.md",
                "docs/testing.md"));
    Set<String> done = new TreeSet<>();
    for (String path : copy.files().keySet()) {
      if (path.endsWith(".md")) {
        open.addAll(docsLinkedFrom(path, copy));
      }
    }
    while (!open.isEmpty()) {
      Set<String> next = new TreeSet<>();
      copy.putAll(layout.files(open));
      done.addAll(open);
      for (String path : open) {
        if (copy.has(path)) {
          next.addAll(docsLinkedFrom(path, copy));
        }
      }
      next.removeAll(done);
      open = next;
    }
    List<String> read = new ArrayList<>();
    done.stream().filter(copy::has).forEach(read::add);
    if (copy.has("CONTRIBUTING.md")) {
      read.add("CONTRIBUTING.md");
    }
    return read;
  }

  private static Set<String> docsLinkedFrom(String path, FileTree tree) {
    Set<String> links = Markdown.links(path, tree.text(path));
    links.removeIf(link -> !link.startsWith("docs/") || !link.endsWith(".md"));
    return links;
  }

  /** Returns files of a module with paths that start there. */
  private static FileTree below(String module, FileTree tree) {
    FileTree below = new FileTree();
    tree.files()
        .forEach(
            (path, content) -> below.files().put(path.substring(module.length() + 1), content));
    return below;
  }
}
