/**
 * What an agent is told at its start: one record a section of its YAML file, checked as a whole.
 * Nothing here acts on a value.
 */
@NullMarked
package io.moha.agent.config;

import org.jspecify.annotations.NullMarked;
