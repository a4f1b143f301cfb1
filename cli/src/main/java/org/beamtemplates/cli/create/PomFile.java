package org.beamtemplates.cli.create;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * What is in a pom, as far as modules are concerned.
 *
 * @param artifact its artifact
 * @param parent artifact of its parent, or an empty text
 * @param modules folders of its modules, relative to its own
 * @param dependencies artifacts of this project that it depends on
 */
record PomFile(String artifact, String parent, List<String> modules, List<String> dependencies) {

  static final String GROUP = "org.beamtemplates";

  static PomFile read(Path pom) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      Element project = factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
      List<String> modules =
          children(child(project, "modules"), "module").stream()
              .map(module -> module.getTextContent().strip())
              .toList();
      List<String> dependencies =
          children(child(project, "dependencies"), "dependency").stream()
              .filter(dependency -> text(dependency, "groupId").equals(GROUP))
              .map(dependency -> text(dependency, "artifactId"))
              .toList();
      return new PomFile(
          text(project, "artifactId"),
          text(child(project, "parent"), "artifactId"),
          modules,
          dependencies);
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("Cannot read " + pom, e);
    }
  }

  private static String text(Element parent, String name) {
    Element child = child(parent, name);
    return child == null ? "" : child.getTextContent().strip();
  }

  private static Element child(Element parent, String name) {
    List<Element> found = children(parent, name);
    return found.isEmpty() ? null : found.get(0);
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    if (parent != null) {
      for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
        if (node instanceof Element element && element.getTagName().equals(name)) {
          found.add(element);
        }
      }
    }
    return found;
  }
}
