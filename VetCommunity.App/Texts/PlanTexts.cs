namespace VetCommunity.App.Texts;

/// <summary>Marks the texts of how live sessions are planned: what is asked at registration, and series.</summary>
public sealed class PlanTexts;
