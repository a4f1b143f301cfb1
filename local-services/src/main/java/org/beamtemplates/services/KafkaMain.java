package org.beamtemplates.services;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import org.apache.kafka.common.Uuid;

/** A broker as a program: formats its storage, and runs until it is killed. */
final class KafkaMain {

  private KafkaMain() {}

  /** Takes the file of its settings. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    KafkaStorage.format(properties, file, Uuid.randomUuid().toString());
    Kafka.main(new String[] {file.toString()});
  }
}
