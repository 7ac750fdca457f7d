namespace VetCommunity.Core.Members;

/// <summary>Somebody as another service knows them, whose word we took: a first step, as a password is.</summary>
/// <param name="Provider">Which service, by its address: an account at one is none at another, also under the same number.</param>
/// <param name="Subject">Their number there.</param>
/// <param name="Email">Their address there, if the service has looked that it is theirs; null otherwise.</param>
/// <param name="Name">Their name there; empty where it says none.</param>
public sealed record Arrival(string Provider, string Subject, string? Email, string Name);

/// <summary>What a member of whom another service speaks has to do next.</summary>
/// <param name="SignedIn">Who comes in.</param>
/// <param name="AsksCode">Whether a code is asked for before they are in.</param>
public sealed record Arrived(SignedIn SignedIn, bool AsksCode);

/// <summary>A service that lets a member in.</summary>
/// <param name="Provider">Which, by its address.</param>
/// <param name="As">How the member is called there: an address or a name.</param>
public sealed record LinkedProvider(string Provider, string As);
