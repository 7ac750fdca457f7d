namespace VetCommunity.App.Texts;

/// <summary>Marks the texts about lessons that are made of live sessions.</summary>
public sealed class LessonTexts;
