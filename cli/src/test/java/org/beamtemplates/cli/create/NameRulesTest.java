package org.beamtemplates.cli.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameRulesTest {

  private final NameRules rules =
      new NameRules(
          List.of(new Identity(Name.of("old-one"), "com.acme.old")),
          Set.of("cli", "runner-direct"),
          Set.of("org.beamtemplates.transforms.ingest", "com.acme.used"));

  @Test
  void thePackageComesFromTheName() {
    assertThat(rules.identity("tide-tables-2", null))
        .isEqualTo(
            new Identity(Name.of("tide-tables-2"), "org.beamtemplates.pipelines.tidetables2"));
    assertThat(rules.identity("old-one-2", "com.acme.a_b2").packageName())
        .isEqualTo("com.acme.a_b2");
  }

  @ParameterizedTest
  @CsvSource({
    "Card-views, no name for a template",
    "card_views, no name for a template",
    "2cards, no name for a template",
    "tide--tables, no name for a template",
    "tide-, no name for a template",
    "../cards, no name for a template",
    "'', no name for a template",
    "new, another meaning",
    "class, another meaning",
    "in-t, another meaning",
    "test, another meaning",
    "target, another meaning",
    "old-one, there is a template old-one already",
    "oldone, there is a template old-one already",
    "cli, a module of that name already",
    "runner-direct, a module of that name already",
    "orders, a single word",
    "ingest, the library has a package of that name",
    "a-name-that-is-longer-than-any-name-has-to-be, at most 40"
  })
  void refusesNames(String name, String reason) {
    assertThatThrownBy(() -> rules.identity(name, "com.acme.tides"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("<name> ")
        .hasMessageContaining(reason)
        .hasMessageContaining("Give ");
  }

  @ParameterizedTest
  @CsvSource({
    "cards, at least two parts",
    "com.Acme.cards, 'Acme' is no part",
    "com..cards, '' is no part",
    "com.acme.new, 'new' is no part",
    "com.acme-cards, 'acme-cards' is no part",
    "com.2acme, '2acme' is no part",
    "java.util.cards, java is somebody else's",
    "org.apache.beam.cards, org.apache.beam is somebody else's",
    "org.beamtemplates, this library's",
    "org.beamtemplates.pipelines, this library's",
    "org.beamtemplates.transforms.cards, this library's",
    "com.acme.old, the template old-one is in com.acme.old",
    "com.acme.old.cards, the template old-one is in com.acme.old",
    "com.acme, the template old-one is in com.acme.old",
    "com.acme.used, there are classes in it already"
  })
  void refusesPackages(String packageName, String reason) {
    assertThatThrownBy(() -> rules.identity("tide-tables", packageName))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("--package is " + packageName)
        .hasMessageContaining(reason)
        .hasMessageContaining("Give ");
  }
}
