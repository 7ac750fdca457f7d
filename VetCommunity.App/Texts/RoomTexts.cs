namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of rooms and conversations.</summary>
public sealed class RoomTexts;
