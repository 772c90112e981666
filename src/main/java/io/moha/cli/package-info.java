/** The moha command line: one class a subcommand. No decisions about the cluster are made here. */
@NullMarked
package io.moha.cli;

import org.jspecify.annotations.NullMarked;
