package org.beamtemplates.cli.create;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenameTest {

  private static final Identity OLD = new Identity(Name.of("pagehit-counts"), "org.old.pagehits");
  private static final Identity NEW = new Identity(Name.of("shop-floor"), "com.acme.shop");

  private final Rename rename = new Rename(List.of(OLD), List.of(OLD), NEW);

  @ParameterizedTest
  @CsvSource({
    "pagehit-counts, shop-floor",
    "pagehit-counts.dead-letters, shop-floor.dead-letters",
    "my-pagehit-counts, my-shop-floor",
    "PagehitCounts, ShopFloor",
    "PagehitCountsOptions, ShopFloorOptions",
    "aPagehitCounts(), aShopFloor()",
    "pagehitCounts, shopFloor",
    "pagehitcounts, shopfloor",
    "pagehit_counts, shop_floor",
    "PAGEHIT_COUNTS_MAX, SHOP_FLOOR_MAX",
    "PAGEHITCOUNTS, SHOPFLOOR",
    "page-hit-counts, shop-floor",
    "page-hit counts, shop floor",
    "Page-hit counts: all, Shop floor: all",
    "Page Hit Counts, Shop Floor",
    "page hit counts, shop floor",
    "org.old.pagehits.PagehitCounts, com.acme.shop.ShopFloor",
    "import static org.old.pagehits.A.b;, import static com.acme.shop.A.b;",
    "src/main/java/org/old/pagehits/PagehitCounts.java, src/main/java/com/acme/shop/ShopFloor.java",
    "pipelines/pagehit-counts/README.md, pipelines/shop-floor/README.md"
  })
  void spellsTheNewNameLikeTheOldOne(String before, String after) {
    assertThat(rename.in(before)).isEqualTo(after);
    assertThat(rename.concerns(before)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pagehit-countsdown",
        "pagehit-counts2",
        "PagehitCounts2Test",
        "unpagehitcounts",
        "pagehits",
        "org.old.pagehitsandmore",
        "counts"
      })
  void leavesOtherWordsAlone(String text) {
    assertThat(rename.in(text)).isEqualTo(text);
    assertThat(rename.concerns(text)).isFalse();
  }

  @Test
  void keepsALineBreakInTheMiddleOfTheName() {
    assertThat(rename.in("/** Does page-hit\n * counts well. */"))
        .isEqualTo("/** Does shop\n * floor well. */");
    assertThat(rename.in("about page-hit\ncounts")).isEqualTo("about shop\nfloor");
    assertThat(rename.in("// Page-hit\n  // counts.")).isEqualTo("// Shop\n  // floor.");
  }

  @Test
  void aNameOfOneWordIsSpelledAsTheUseDemands() {
    Identity word = new Identity(Name.of("orders"), "org.old.orders");
    Rename fromWord = new Rename(List.of(word), List.of(word), NEW);

    assertThat(fromWord.in("<module>orders</module> ORDERS Orders ordersTopic OrdersTest"))
        .isEqualTo("<module>shop-floor</module> SHOP_FLOOR ShopFloor shopFloorTopic ShopFloorTest");
  }

  @Test
  void namesMayContainEachOther() {
    Identity longer = new Identity(Name.of("pagehit-counts-2"), "org.old.pagehitcounts2");

    assertThat(new Rename(List.of(OLD), List.of(OLD), longer).in("pagehit-counts PagehitCounts"))
        .isEqualTo("pagehit-counts-2 PagehitCounts2");
    assertThat(new Rename(List.of(longer), List.of(longer), OLD).in("pagehit-counts-2"))
        .isEqualTo("pagehit-counts");
  }

  @Test
  void theLongestKnownNameWins() {
    Identity longer = new Identity(Name.of("pagehit-counts-daily"), "org.old.daily");
    Rename oneOfTwo = new Rename(List.of(OLD, longer), List.of(OLD), NEW);

    assertThat(oneOfTwo.in("pagehit-counts, pagehit-counts-daily, PagehitCountsDailyTest"))
        .isEqualTo("shop-floor, pagehit-counts-daily, PagehitCountsDailyTest");
    assertThat(oneOfTwo.mentioned("PagehitCountsDailyTest")).contains(longer);
    assertThat(oneOfTwo.mentioned("PagehitCountsTest")).contains(OLD);
  }
}
