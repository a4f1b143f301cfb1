package org.beamtemplates.cli.demo;

import java.util.List;
import java.util.Map;
import org.beamtemplates.transforms.demo.Sent;
import org.beamtemplates.transforms.launch.JobStatus;

/**
 * What there was to be found when the job had ended.
 *
 * @param inputTopic topic of the traffic
 * @param deadLetterTopic topic of the dead letters
 * @param sent what the generator knows that it sent
 * @param foreign records in the input topic that somebody else wrote
 * @param stages what the job says of its stages
 * @param deadLetters different dead letters in the topic, by category, without those of foreign
 *     records
 * @param foreignDeadLetters dead letters of foreign records, by category
 * @param stored events by result, as the store has them
 */
record Evidence(
    String inputTopic,
    String deadLetterTopic,
    Sent sent,
    long foreign,
    List<JobStatus.Stage> stages,
    Map<String, Long> deadLetters,
    Map<String, Long> foreignDeadLetters,
    Map<String, Long> stored) {}
