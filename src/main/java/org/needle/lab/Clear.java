package org.needle.lab;

/** Does nothing, so that no chain is ever empty. */
public record Clear() implements Fault {
    @Override
    public Stage at(Place place) {
        return new Stage.Through(place);
    }
}
