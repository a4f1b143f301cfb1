package org.beamtemplates.cli.create;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a new module known wherever the one that it comes from is: among the modules and managed
 * dependencies, to the command, to the runners and their conformance runs, in the catalogue.
 */
final class ModuleWiring {

  private static final List<String> NAMING_ELEMENTS = List.of("module", "dependency", "include");

  private static final Predicate<String> WIRED =
      Pattern.compile("(.*/)?(pom|log4j2[^/]*)\\.xml").asMatchPredicate();

  private final Layout layout;
  private final Identity from;
  private final Identity to;
  private final Rename rename;

  ModuleWiring(Layout layout, Identity from, Identity to, Rename rename) {
    this.layout = layout;
    this.from = from;
    this.to = to;
    this.rename = rename;
  }

  /** Returns the files of other modules that change or are new. */
  FileTree files() throws IOException {
    FileTree before = layout.files(List.of("pom.xml", "README.md"));
    FileTree added = new FileTree();
    for (String module : layout.folders()) {
      if (!Layout.isTemplate(module)) {
        FileTree sources = layout.sources(module);
        before.putAll(sources.only(WIRED));
        if (Layout.isRunner(module)) {
          added.putAll(sources.only(this::belongsToOld).renamed(rename));
        }
      }
    }
    FileTree after = new FileTree();
    after.putAll(before);
    after.edit(path -> path.endsWith("pom.xml"), this::wire);
    after.edit(path -> path.equals("README.md"), this::catalogue);
    OwnPackage.addTo(after, to.packageName());
    after.removeIf(path -> before.text(path).equals(after.text(path)));
    refuseToReplace(added);
    after.putAll(added);
    return after;
  }

  /** Left of a template that is gone, perhaps, and perhaps all that is left of somebody's work. */
  private void refuseToReplace(FileTree added) {
    for (String path : added.files().keySet()) {
      Path present = layout.root().resolve(path);
      if (Files.exists(present, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(present)) {
        throw new Refusal(
            "<name> is %s, but there is a file %s already. Move it away, or give another name."
                .formatted(to.name(), path));
      }
    }
  }

  /** A file outside of the template's module is the template's if it has its name. */
  private boolean belongsToOld(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return rename.mentioned(file).filter(from::equals).isPresent();
  }

  private String wire(String pom) {
    String wired = pom;
    for (String element : NAMING_ELEMENTS) {
      wired = XmlText.duplicate(wired, element, rename::concerns, rename::in);
    }
    return wired;
  }

  private String catalogue(String readme) {
    Pattern row =
        Pattern.compile(
            "^\\| *\\[[^]]*]\\(" + Pattern.quote(from.module()) + "/README\\.md\\).*\\n",
            Pattern.MULTILINE);
    return row.matcher(readme)
        .replaceFirst(found -> Matcher.quoteReplacement(found.group() + rename.in(found.group())));
  }
}
