/**
 * Reads a YAML file into typed values and reports every problem of it together, each with its line.
 * What the keys mean lives with the process that has them.
 */
@NullMarked
package io.moha.protocol.config;

import org.jspecify.annotations.NullMarked;
