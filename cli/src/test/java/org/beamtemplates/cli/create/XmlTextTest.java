package org.beamtemplates.cli.create;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class XmlTextTest {

  private static final String XML =
      """
      <list>
        <!-- <item>old</item> -->
        <item>old</item>
        <item>old-jar</item>
        <item>other</item>

        <!-- About the last. -->
        <item>last</item>
      </list>
      """;

  @Test
  void putsCopiesBehindTheLastOfARow() {
    assertThat(
            XmlText.duplicate(
                XML, "item", item -> item.contains("old"), item -> item.replace("old", "new")))
        .isEqualTo(
            """
            <list>
              <!-- <item>old</item> -->
              <item>old</item>
              <item>old-jar</item>
              <item>new</item>
              <item>new-jar</item>
              <item>other</item>

              <!-- About the last. -->
              <item>last</item>
            </list>
            """);
  }

  @Test
  void removesElementsWithTheirLines() {
    assertThat(XmlText.remove(XML, "item", item -> item.contains("old")))
        .isEqualTo(
            """
            <list>
              <!-- <item>old</item> -->
              <item>other</item>

              <!-- About the last. -->
              <item>last</item>
            </list>
            """);
  }

  @Test
  void removesACommentThatIsLeftAlone() {
    assertThat(
            XmlText.remove(
                XML, "item", item -> item.contains("last"), comment -> comment.contains("last")))
        .endsWith("  <item>other</item>\n</list>\n");
  }

  @Test
  void findsElementsWithAttributesAndWithoutContent() {
    assertThat(XmlText.elements("<a><b x='1'/><b>2</b><bc>3</bc></a>", "b"))
        .containsExactly("<b x='1'/>", "<b>2</b>");
  }
}
