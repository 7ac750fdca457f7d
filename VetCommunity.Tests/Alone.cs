using Xunit;

namespace VetCommunity.Tests;

/// <summary>Tests that look at what the whole process holds: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
