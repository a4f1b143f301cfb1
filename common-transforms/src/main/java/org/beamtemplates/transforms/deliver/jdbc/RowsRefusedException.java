package org.beamtemplates.transforms.deliver.jdbc;

import java.sql.SQLException;

/** The database refuses at least one of the rows, and so has written none. */
final class RowsRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final SQLException reason;

  RowsRefusedException(SQLException reason) {
    super(reason.getMessage(), reason, false, false);
    this.reason = reason;
  }

  SQLException reason() {
    return reason;
  }
}
