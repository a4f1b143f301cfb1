package org.beamtemplates.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.junit.jupiter.api.Test;

class RecordsTest {

  @Test
  void countsTheOffsetsOfAPartition() {
    Records records = Records.ofTopic("t", 3).startingAt(42);

    assertThat(records.raw("a").origin()).isEqualTo(Origin.kafka("t", 3, 42));
    assertThat(records.raw((byte[]) null).value()).isNull();
    assertThat(records.ingested("b"))
        .isEqualTo(new Ingested<>("b", Origin.kafka("t", 3, 44), Ingested.NEVER_LATE));
    assertThat(records.ingested("c", 7))
        .isEqualTo(new Ingested<>("c", Origin.kafka("t", 3, 45), 7));
  }

  @Test
  void countsTheRecordsOfAFile() {
    Records records = Records.ofFile("in.jsonl");

    assertThat(records.raw("ä").value()).asString().isEqualTo("ä");
    assertThat(records.next()).isEqualTo(Origin.file("in.jsonl", 1));
  }
}
