package org.needle.lab;

/** What a middlebox does to those who pass through it: settings, and the stage that acts on them. */
public sealed interface Fault
        permits AllowMethods,
                BufferBlocks,
                BufferResponse,
                CaptivePortal,
                Clear,
                ConnectOnly,
                Dark,
                DelayChunks,
                DenyType,
                HalfOpen,
                Http10,
                IdleCut,
                KillAfterUpgrade,
                LateByOne,
                MaxLife,
                RefuseUpgrade,
                Rewrite,
                StripHeaders,
                Swallow,
                Unavailable {

    /** Begins to act on one connection. Called in the connection's event loop. */
    Stage at(Place place);
}
