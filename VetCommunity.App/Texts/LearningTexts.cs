namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of questions, wherever they are asked.</summary>
public sealed class LearningTexts;
