namespace VetCommunity.Core.OfficeHours;

/// <summary>The week of the field's countries, which begins on Monday.</summary>
public static class Week
{
    /// <summary>0 for Monday to 6 for Sunday.</summary>
    public static int PlaceOf(DayOfWeek day) => ((int)day + 6) % 7;
}
