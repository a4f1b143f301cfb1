package org.beamtemplates.transforms.demo;

import java.util.Map;

/**
 * The ledger: what was sent, and what must become of it. <em>total = good + duplicate + late +
 * tooLate + all broken</em>.
 *
 * @param total records
 * @param good records that count, in time
 * @param duplicate good records that were sent once more
 * @param late records behind the watermark that count nevertheless
 * @param tooLate records whose window is closed
 * @param broken broken records by what is wrong with them, such as "not Avro"
 * @param deadLetters dead letters to be expected, by category
 * @param eventsByResult events to be expected in the final result, by its key: good and late ones
 */
public record Sent(
    long total,
    long good,
    long duplicate,
    long late,
    long tooLate,
    Map<String, Long> broken,
    Map<String, Long> deadLetters,
    Map<String, Long> eventsByResult) {}
