package org.beamtemplates.cli.create;

import java.util.function.UnaryOperator;

/** Treats a package of the user's own like the project's: its log lines, its test coverage. */
final class OwnPackage {

  private static final String OURS = "org.beamtemplates";

  private OwnPackage() {}

  static void addTo(FileTree tree, String packageName) {
    if (packageName.startsWith(OURS + ".")) {
      return;
    }
    UnaryOperator<String> own = text -> text.replace(OURS, packageName);
    tree.edit(
        path -> path.equals("pom.xml"),
        text -> addTo(text, "include", "<include>" + OURS + ".*</include>", own));
    tree.edit(
        path -> path.matches("(.*/)?log4j2[^/]*\\.xml"),
        text -> addTo(text, "Logger", "<Logger name=\"" + OURS + "\"", own));
  }

  private static String addTo(
      String xml, String element, String start, UnaryOperator<String> change) {
    return xml.contains(change.apply(start))
        ? xml
        : XmlText.duplicate(xml, element, found -> found.startsWith(start), change);
  }
}
