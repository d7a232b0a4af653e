import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  NavLink,
  type NavLinkProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

// Mantine's components may be any element; the router must know that these are links.
type As<Props> = Props & Omit<ComponentPropsWithRef<'a'>, keyof Props>;

/** A link within the console, looking like a link: as large as the text that it stands in, where nothing else is said. */
export const AppLink = createLink((props: As<AnchorProps>) => <Anchor inherit={props.size === undefined} {...props} />);

/** A link within the console, looking like a button. */
export const ButtonLink = createLink((props: As<ButtonProps>) => <Button component="a" {...props} />);

/** A link within the console, looking like a button that is an icon: `aria-label` says where it leads. */
export const IconLink = createLink((props: As<ActionIconProps>) => <ActionIcon component="a" {...props} />);

/** A link within the console, looking like an entry of a navigation. */
export const NavigationLink = createLink((props: As<NavLinkProps>) => <NavLink component="a" {...props} />);
