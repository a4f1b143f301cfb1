package org.beamtemplates.runners.direct;

import org.beamtemplates.testing.DeadLetterPolicyContract;

class DirectDeadLetterPolicyTest extends DeadLetterPolicyContract {

  DirectDeadLetterPolicyTest() {
    super("direct");
  }
}
