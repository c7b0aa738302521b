package org.needle.lab;

/**
 * Ends every connection at an age.
 *
 * @param millis the age
 * @param ending how it ends
 */
public record MaxLife(long millis, Ending ending) implements Fault {
    @Override
    public Stage at(Place place) {
        place.after(millis - place.age(), () -> place.end(ending));
        return new Stage.Through(place);
    }
}
