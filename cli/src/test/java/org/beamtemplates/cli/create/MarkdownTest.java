package org.beamtemplates.cli.create;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {

  @Test
  void leavesOutRowsColumnsAndParagraphsOfASubject() {
    String text =
        """
        # Title

        About all.

        | folder | what |
        |---|---|
        | `left/` | runs |
        | `right/` | runs |

        | | Left | Right |
        |---|---|---|
        | restarts | no | yes |

        Right is particular, frightfully so.

        The frightful end.
        """;

    assertThat(Markdown.without(text, List.of("right")))
        .isEqualTo(
            """
            # Title

            About all.

            | folder | what |
            |---|---|
            | `left/` | runs |

            | | Left |
            |---|---|
            | restarts | no |

            The frightful end.
            """);
    assertThat(Markdown.without(text, List.of())).isEqualTo(text);
  }

  @Test
  void turnsLinksIntoTextWhereThereIsNothing() {
    String text = "[a](../b.md#part) [c](gone.md) [d](https://d.example) [e](#here)";

    assertThat(Markdown.unlinked("docs/a.md", text, "b.md"::equals))
        .isEqualTo("[a](../b.md#part) c [d](https://d.example) [e](#here)");
    assertThat(Markdown.links("docs/a.md", text)).containsExactly("b.md", "docs/gone.md");
  }
}
