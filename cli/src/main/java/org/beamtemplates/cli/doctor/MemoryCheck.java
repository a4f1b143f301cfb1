package org.beamtemplates.cli.doctor;

/**
 * Memory for a job and for the tests.
 *
 * @param total what the machine has
 * @param available what nobody uses now
 * @param heap the largest heap that a config asks for
 */
record MemoryCheck(long total, long available, long heap) implements Check {

  private static final String SUBJECT = "Memory";

  /** What a JVM takes beside its heap. */
  private static final long BESIDE = 512 * Bytes.MEGABYTE;

  @Override
  public Finding look() {
    String seen =
        "%s, %s of it free; a job takes up to %s of heap"
            .formatted(Bytes.text(total), Bytes.text(available), Bytes.text(heap));
    if (total < heap + BESIDE) {
      return Finding.problem(
          SUBJECT, seen, "Make -Xmx in runner-configs/*/jvm.options smaller, or take more memory.");
    }
    if (available < heap + BESIDE) {
      return Finding.warning(SUBJECT, seen, "End other programs before you run jobs or tests.");
    }
    return Finding.ok(SUBJECT, seen);
  }
}
