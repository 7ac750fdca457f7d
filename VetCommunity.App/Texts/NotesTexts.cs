namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about the shared notes and the minutes of live sessions.</summary>
public sealed class NotesTexts;
