package org.beamtemplates.pipelines.realtimeanalytics;

import static org.assertj.core.api.Assertions.assertThat;

import org.beamtemplates.schemas.PageEvent;
import org.junit.jupiter.api.Test;

class PageEventRulesTest {

  @Test
  void takesAnEventThatIsFine() {
    assertThat(new PageEventRules().complaint(event().build())).isEmpty();
    assertThat(new PageEventRules().complaint(event().setLoadTimeMs(0).build())).isEmpty();
    assertThat(
            new PageEventRules()
                .complaint(event().setRevenueMinor(-250).setCurrency("EUR").build()))
        .isEmpty();
  }

  @Test
  void saysWhichFieldIsMissing() {
    assertComplaint(event().setEventId(" "), "eventId");
    assertComplaint(event().setUserId(""), "userId");
    assertComplaint(event().setPage(""), "page");
  }

  @Test
  void refusesATimeThatCannotBe() {
    assertComplaint(event().setLoadTimeMs(-1), "loadTimeMs is negative: -1");
  }

  @Test
  void refusesRevenueOfNoCurrencyOrBeyondAllMeasure() {
    assertComplaint(event().setRevenueMinor(1), "no ISO 4217 code");
    assertComplaint(event().setRevenueMinor(1).setCurrency("euro"), "no ISO 4217 code");
    assertComplaint(
        event().setRevenueMinor(Long.MAX_VALUE).setCurrency("EUR"), "revenueMinor is beyond");
    assertComplaint(
        event().setRevenueMinor(Long.MIN_VALUE).setCurrency("EUR"), "revenueMinor is beyond");
  }

  @Test
  void boundsWhatIsKeptInState() {
    assertComplaint(event().setPage("/" + "x".repeat(2_000)), "page has 2001 characters");
    assertComplaint(event().setCategory("x".repeat(201)), "category has 201 characters");
    assertComplaint(event().setCountry("x".repeat(201)), "country has 201 characters");
  }

  private static PageEvent.Builder event() {
    return PageEvents.view("1", 0);
  }

  @Test
  void refusesWhatWouldKeepAResultOutOfItsStore() {
    assertComplaint(event().setPage("/a\u0000b"), "page contains U+0000");
    assertComplaint(event().setCategory("\ud800"), "category contains U+D800");
    assertComplaint(event().setCountry("\udc00D"), "country contains U+DC00");
    assertThat(new PageEventRules().complaint(event().setPage("/\ud83d\ude00").build())).isEmpty();
  }

  private static void assertComplaint(PageEvent.Builder event, String text) {
    assertThat(new PageEventRules().complaint(event.build()))
        .hasValueSatisfying(complaint -> assertThat(complaint).contains(text));
  }
}
