package org.needle.cli;

import picocli.CommandLine.Command;

/** Tokens for development. */
@Command(
        name = "token",
        description = "Makes and inspects tokens for development; in production an identity provider issues them.",
        mixinStandardHelpOptions = true,
        subcommands = {TokenMake.class, TokenInspect.class})
final class Token {}
