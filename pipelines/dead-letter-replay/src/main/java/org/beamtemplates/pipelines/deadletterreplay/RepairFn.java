package org.beamtemplates.pipelines.deadletterreplay;

import java.io.Serializable;
import java.util.Optional;
import org.beamtemplates.schemas.DeadLetter;

/**
 * Mends records before they are sent again. Named by {@code --repair}; has a public constructor
 * without arguments.
 *
 * <pre>{@code
 * public final class FixPrices implements RepairFn {
 *   public Optional<ReplayRecord> repair(DeadLetter letter, ReplayRecord original) {
 *     return letter.getErrorMessage().contains("negative price")
 *         ? Optional.of(original.withValue(absolute(original.value())))
 *         : Optional.empty();
 *   }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface RepairFn extends Serializable {

  /**
   * Returns the record to send, or empty to leave the dead letter as it is. Must give the same for
   * the same record, and must change neither argument. Headers that tell of the replay are added
   * afterwards.
   *
   * @param letter the dead letter
   * @param original what would be sent without the repair
   * @throws Exception if the record cannot be repaired: it is left, and counted
   */
  Optional<ReplayRecord> repair(DeadLetter letter, ReplayRecord original) throws Exception;
}
